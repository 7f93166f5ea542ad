"""Small drawings of how an exercise is done, our own: a leg in grey, where it goes in blue, an arrow between."""

from urllib.parse import quote

HEAD = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 220 150'><rect width='220' height='150' rx='12' fill='#fff'/>"
    "<g fill='none' stroke-linecap='round' stroke-linejoin='round'>"
)
FLOOR = "<path d='M15 132h190' stroke='#adb5bd' stroke-width='3'/>"
CHAIR = "<path d='M22 62h62M30 62v70M78 62v70M24 62V18' stroke='#adb5bd' stroke-width='5'/>"
THIGH = "<path d='M40 52h88' stroke='#767676' stroke-width='15'/>"
ARROW = "<path d='{path}' stroke='#D55E00' stroke-width='4'/><path d='{tip}' fill='#D55E00' stroke='none'/>"
SHANK = "<path d='M128 52v64' stroke='#767676' stroke-width='13'/>"
FOOT = "<path d='M126 124h44' stroke='#ced4da' stroke-width='12'/>"
TOES_UP = "<path d='M126 124l42 -20' stroke='#0072B2' stroke-width='12'/>"
UP = ARROW.format(path="M186 124q6 -14 0 -26", tip="M190 88l4 14l-14 -2z")
CLOCK = "<g stroke='#D55E00' stroke-width='4'><circle cx='190' cy='44' r='16'/><path d='M190 34v11h8'/></g>"
HEEL_UP = (
    "<path d='M128 52l-2 52' stroke='#0072B2' stroke-width='13'/><path d='M124 108l38 18' stroke='#0072B2'"
    " stroke-width='12'/>"
)
STANDING = (
    "<path d='M40 132V70h26M40 92h26M66 70v62' stroke='#adb5bd' stroke-width='5'/>"
    "<circle cx='118' cy='20' r='11' stroke='#767676' stroke-width='6'/>"
    "<path d='M118 34v42M118 44L72 66' stroke='#767676' stroke-width='10'/>"
    "<path d='M118 76v50M114 128h22' stroke='#0072B2' stroke-width='11'/>"
    "<path d='M118 76l22 20l-14 20' stroke='#767676' stroke-width='10'/>"
)
PICTURES = {
    "dorsiflexion": CHAIR + THIGH + SHANK + FOOT + TOES_UP + UP,
    "hold": CHAIR + THIGH + SHANK + FOOT + TOES_UP + UP + CLOCK,
    "heel_raise": CHAIR
    + THIGH
    + FOOT
    + HEEL_UP
    + ARROW.format(path="M104 128q-8 -14 0 -26", tip="M101 92l10 10l-14 4z"),
    "single_leg_stand": STANDING,
}


def drawn(exercise: str) -> str:
    """The drawing of an exercise as an address an image can have."""
    return "data:image/svg+xml," + quote(HEAD + FLOOR + PICTURES[exercise] + "</g></svg>")
