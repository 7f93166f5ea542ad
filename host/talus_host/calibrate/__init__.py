"""Calibration of one brace: readings in, constants out, a bad fit refused with its reason.

Pure maths, one instrument per file (encoder, weights, warmth, pressure, imu); readings.py is what they take, fit.py
what they give; plan.py the situations a person is led through, bench.py a brace's prompt, kept.py the files on it.
"""
