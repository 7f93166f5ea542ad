/* A clinician's menu slides on a phone: the page that is open is brought into sight in it. */
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  menu: {
    show: () => {
      window.requestAnimationFrame(() => {
        const menu = document.getElementById("nav");
        const here = menu.querySelector("[aria-current]");
        if (here) menu.scrollLeft += here.getBoundingClientRect().left - menu.getBoundingClientRect().left - 16;
      });
      return window.dash_clientside.no_update;
    },
  },
});
