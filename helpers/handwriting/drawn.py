"""Digits that the course draws itself, for when MNIST is out of reach; and printed digits.

A drawn digit is a few strokes of a pen. How each digit may be written stands in `FORMS`, as
points that a smooth curve runs through. Chance picks a form, mixes its poses, bends, slants, turns
and stretches it, and picks a pen, which leaves dots along the curves. The dots become grey pixels,
boxed and centred the way MNIST's own digits were. The forms are hand-made, and their shares were
set by looking at MNIST's training digits; the test digits played no part.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from helpers import checks

SIDE = 28  # pixels: the picture
BOX = 20  # pixels: the longer side of the ink
CENTRE = 14  # the pixel, row and column, that MNIST puts the centre of mass on
BLOCK = 512  # digits drawn together, from one generator of their own
SLAB = 128  # digits rasterised together: few enough to stay in the processor's cache
DOTS = 112  # dots of the pen in every digit
GAIN = np.float32(1.3)  # MNIST's strokes are mostly pure black: ink is darkened, then cut at 1
BEYOND = 0.14  # how far a stroke can overshoot its ends, as a share of its length

# How often each digit occurs among MNIST's 60,000 training digits.
COUNTS = (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)

# Pixels: the usual radius of the pen once the digit fills its box, in which a small 0 grows most.
PEN = (1.2, 1.17, 1.09, 1.1, 0.98, 1.12, 1.08, 1.08, 1.01, 0.98)

# How far each digit leans to the right, a shift in x for one in y, beyond what its forms show.
SLANT = (0.27, 0.22, 0.05, 0.09, 0.18, 0.08, 0.11, 0.03, 0.14, 0.13)

# The ways of writing each digit. A line such as "2, 50 %: a loop" starts a form, with its share of
# that digit. Each further line is a pose of it: strokes, parted by "|", of points "x,y" in the
# order in which the pen passes them; x to the right and y down, from 0 to 100; upright. The poses
# of a form agree point by point, so that a mix of them is a way of writing the digit too.
FORMS = """
0, 100 %: an oval
52,4 30,12 15,38 18,66 34,92 58,97 80,80 86,50 74,18 54,4 44,5
52,2 38,14 30,40 31,66 42,92 54,98 68,84 72,52 64,18 52,3 46,5
40,8 22,22 12,46 18,74 36,95 62,96 82,76 86,46 76,20 62,8 52,3
62,8 36,4 16,32 14,64 32,92 60,97 82,80 86,46 74,16 54,8 42,22
34,16 22,26 12,50 18,78 40,96 64,94 82,74 84,44 66,18 42,10 20,14
52,16 24,22 4,44 8,70 34,86 62,86 92,70 97,44 80,20 54,14 40,16
50,3 32,20 16,50 14,74 34,95 60,96 84,80 84,56 70,28 54,4 50,2
20,30 8,44 6,60 24,76 56,82 86,70 94,50 84,34 60,24 40,26 24,34
44,10 26,24 14,50 20,78 40,96 64,94 84,72 88,40 72,12 52,4 66,22
66,14 40,4 16,30 12,64 32,94 60,97 84,78 88,46 72,16 44,14 34,36
44,10 24,24 12,50 18,78 38,97 64,94 82,72 84,44 68,18 50,6 72,2
64,18 40,4 16,30 12,64 32,94 60,97 84,78 86,46 70,14 48,20 36,50
1, 90 %: a stroke
50,2 50,34 50,66 50,98
46,2 53,34 54,66 50,98
54,2 47,34 46,66 52,98
50,2 54,34 46,66 50,98
1, 6 %: a flag
32,24 42,14 52,2 | 52,2 51,34 51,66 50,98
40,16 46,10 53,2 | 53,2 52,34 51,66 51,98
1, 4 %: a flag and a base
32,22 42,13 52,3 | 52,3 51,34 51,66 50,97 | 22,97 50,97 78,96
20,26 38,18 54,3 | 54,3 52,34 51,66 50,95 | 14,98 50,95 88,94
38,12 44,8 50,3 | 50,3 50,34 50,66 50,97 | 36,97 50,97 82,97
38,16 44,10 52,3 | 52,3 51,34 51,66 50,97 | 34,98 50,97 70,95
2, 50 %: a loop at the foot
20,20 34,6 56,4 72,18 70,40 54,66 30,90 12,92 8,76 26,70 54,82 88,92
22,24 38,8 56,8 68,22 66,42 50,66 26,92 8,94 4,80 24,72 56,84 96,98
26,12 44,3 62,8 68,24 62,46 48,68 28,92 14,96 14,80 32,76 56,86 80,84
16,30 22,8 48,2 66,14 64,40 46,66 24,86 8,90 4,74 18,66 46,80 80,100
24,40 20,16 46,4 70,18 70,46 54,74 30,92 12,86 16,70 36,70 60,86 84,92
8,30 24,14 50,8 70,20 66,42 46,62 24,80 6,86 2,72 20,66 54,74 98,84
30,14 46,4 60,8 64,26 58,48 46,70 30,92 16,94 16,78 34,74 52,84 70,86
14,34 24,10 50,2 72,14 74,40 58,70 38,92 16,97 6,86 24,74 52,86 84,84
20,22 32,6 54,3 70,16 68,40 48,66 24,90 6,92 2,76 18,64 48,76 92,92
18,26 36,8 56,6 68,22 66,42 46,70 20,94 2,92 2,74 22,66 54,80 98,98
28,12 44,3 62,8 68,24 62,48 46,74 26,94 10,92 12,74 32,70 56,84 82,88
14,34 20,8 48,2 66,14 64,42 44,70 22,90 4,90 0,72 16,60 46,76 82,100
26,44 18,18 44,4 70,18 70,46 52,78 28,96 10,88 14,68 36,66 62,84 86,94
8,30 24,14 50,8 70,20 66,42 44,66 20,84 2,86 0,70 18,62 54,74 98,84
12,36 24,10 50,2 72,14 74,40 56,72 34,94 14,96 4,84 22,72 52,86 86,84
34,36 20,24 40,4 66,10 68,34 48,62 24,86 4,92 0,76 16,64 46,78 84,94
16,38 14,14 44,2 68,12 68,38 46,66 20,88 2,84 6,68 26,66 56,84 78,98
24,34 22,14 44,3 66,14 64,38 48,62 28,84 10,92 4,80 18,70 40,80 66,94
30,30 24,14 44,3 64,10 66,32 52,58 32,84 14,94 8,82 22,72 42,82 62,94
20,26 26,10 48,3 66,14 62,38 46,60 24,80 6,90 2,78 16,68 44,78 76,88
2, 34 %: a round foot
18,26 30,8 54,3 74,14 76,34 62,58 42,78 24,92 19,94 30,92 56,92 86,94
16,14 36,8 58,6 78,10 74,26 56,52 36,76 20,92 17,96 32,96 60,95 86,94
24,22 36,8 54,6 66,16 66,34 56,54 36,74 12,90 7,93 24,88 56,84 98,88
30,10 34,6 44,4 54,12 54,30 50,54 46,76 40,92 36,95 46,94 60,94 76,93
10,34 24,22 46,16 62,24 58,40 42,56 26,70 12,80 8,84 24,82 60,78 100,74
8,22 34,12 66,10 86,20 74,38 50,54 28,70 14,84 12,92 30,94 60,90 94,84
2, 16 %: a sharp foot
18,26 30,8 54,3 74,14 74,36 54,66 18,95 | 18,95 50,94 86,92
14,12 34,7 58,5 78,10 70,30 46,62 16,95 | 16,95 50,96 84,96
24,30 34,10 52,3 68,14 66,38 46,70 22,96 | 22,96 50,90 92,98
3, 58 %: two bows
18,18 34,5 56,4 72,16 68,34 52,46 38,50 | 38,50 58,48 78,60 82,78 66,94 42,98 16,90
18,9 38,6 60,5 76,10 66,28 50,42 36,48 | 36,48 58,50 76,62 78,80 62,94 38,98 12,94
26,20 38,6 54,3 66,14 64,30 54,42 44,46 | 44,46 56,48 68,60 70,78 60,92 44,98 26,90
20,14 36,4 58,4 70,14 64,26 48,36 32,40 | 32,40 60,38 84,54 86,76 68,94 40,98 12,88
14,22 34,6 62,4 80,18 76,38 60,50 50,54 | 50,54 62,54 74,64 74,80 60,92 36,96 8,92
20,12 38,4 58,6 68,18 62,34 56,44 58,47 | 58,47 66,52 74,64 72,80 58,94 38,97 18,88
24,10 44,3 66,8 72,22 60,34 46,42 40,44 | 40,44 60,42 72,52 70,68 60,82 50,92 42,98
30,6 44,2 60,6 64,18 58,32 50,42 44,46 | 44,46 56,50 62,60 60,72 54,84 46,92 38,98
10,26 24,10 48,2 66,8 60,24 44,36 34,42 | 34,42 60,40 90,52 94,72 74,90 50,97 30,84
22,12 42,4 64,8 72,20 66,34 54,44 44,48 | 44,48 62,50 76,64 76,82 56,96 34,92 26,82
3, 26 %: a loop in the waist
20,16 36,4 60,4 74,18 66,36 48,47 36,46 42,40 60,48 78,62 78,80 62,95 38,98 14,90
18,10 38,5 60,5 74,14 66,32 48,44 32,46 36,37 62,42 82,60 82,80 62,95 36,98 10,86
24,18 40,4 58,4 68,16 64,34 52,45 42,48 50,46 62,52 72,64 72,80 58,95 38,98 20,90
3, 16 %: a flat top
20,8 48,6 76,6 | 76,6 58,24 42,42 | 42,42 66,48 80,68 66,92 40,98 16,92
26,10 48,8 70,6 | 70,6 56,24 38,40 | 38,40 72,42 78,66 64,90 44,98 22,94
4, 73 %: open
26,6 20,26 16,48 28,57 54,56 82,52 | 76,4 72,34 68,66 64,98
30,8 24,26 18,46 24,58 52,58 92,54 | 66,6 64,36 60,68 58,98
22,10 18,30 20,48 36,54 56,50 72,42 | 80,4 76,34 70,66 66,98
20,4 18,24 16,46 30,52 52,50 76,48 | 80,10 78,40 76,70 74,98
36,4 26,24 12,50 24,60 58,58 96,56 | 72,20 66,44 60,70 54,98
24,16 16,38 12,58 24,66 48,64 80,60 | 78,2 72,34 66,66 60,98
40,2 34,22 26,44 36,56 54,54 72,46 | 68,18 66,44 62,72 58,98
12,20 14,36 18,56 40,60 66,58 96,52 | 62,2 60,34 56,66 52,98
24,4 20,24 14,62 34,70 60,68 90,66 | 66,6 64,36 62,66 60,98
30,30 24,40 22,52 36,56 54,54 70,50 | 74,2 68,34 60,66 52,98
4, 12 %: open, curling up to the stem
22,8 18,34 28,52 50,50 68,34 78,6 | 78,6 74,38 70,68 66,98
18,4 18,26 26,44 46,46 66,32 82,4 | 82,4 74,34 66,66 58,98
26,8 16,40 20,56 44,54 66,42 72,26 | 74,8 72,38 70,68 70,98
4, 15 %: closed
64,3 42,30 14,62 | 14,62 50,62 92,60 | 64,3 64,50 62,98
68,4 44,20 18,44 | 18,44 48,48 78,46 | 68,4 66,50 64,98
72,2 48,24 22,54 | 22,54 52,54 76,50 | 72,2 70,50 66,98
50,2 34,34 8,70 | 8,70 50,70 96,68 | 50,2 54,50 56,98
70,10 40,28 20,46 | 20,46 46,50 72,40 | 70,10 68,50 60,98
5, 62 %: the hat last
36,8 32,24 28,44 44,40 68,46 78,64 68,86 46,97 16,90 | 36,8 58,7 88,5
40,10 34,26 30,46 46,44 64,50 70,66 58,86 38,97 14,94 | 42,10 66,10 96,4
34,6 32,24 30,40 46,36 72,44 84,66 72,88 48,98 20,88 | 34,6 56,5 78,5
44,12 38,28 36,42 48,46 60,56 62,70 50,86 32,96 8,94 | 44,12 66,12 94,2
30,14 30,30 32,46 46,46 66,54 74,70 62,90 42,98 22,88 | 34,8 56,8 82,6
38,8 30,26 22,50 42,42 66,42 74,58 64,82 44,96 22,84 | 38,8 60,6 84,8
36,10 30,22 22,36 36,38 56,46 62,60 50,78 30,90 8,98 | 36,10 60,8 92,0
44,6 38,26 34,44 50,46 62,56 64,72 56,86 40,96 24,98 | 44,6 62,6 76,8
30,20 28,34 30,48 50,48 68,58 72,74 60,92 40,98 24,94 | 34,10 58,6 84,4
28,10 26,22 24,34 46,30 74,40 88,60 80,84 50,98 16,94 | 28,10 50,9 70,8
50,14 40,28 30,42 42,42 54,52 56,66 44,82 26,94 4,98 | 50,14 70,10 98,0
46,16 38,28 26,44 44,44 60,54 60,70 42,86 24,92 6,90 | 46,16 66,12 92,6
40,14 34,28 26,42 42,40 58,48 60,64 46,80 26,90 2,92 | 40,14 70,8 100,2
38,20 32,32 26,44 46,42 62,52 62,68 46,84 26,92 4,88 | 38,16 68,14 100,8
34,4 30,22 26,44 46,38 68,50 72,68 60,88 42,97 20,92 | 36,6 46,6 58,4
34,10 30,26 28,46 46,40 70,48 78,66 68,88 40,98 12,80 | 34,8 54,8 74,2
5, 38 %: in one stroke
84,6 60,7 38,8 33,24 28,42 46,40 70,50 76,70 62,92 38,97 14,88
82,10 60,5 40,12 34,28 40,40 54,49 68,60 72,76 60,92 40,98 18,90
96,3 68,8 46,10 40,26 34,42 48,44 62,54 64,72 50,90 30,97 6,92
78,5 56,6 34,8 30,24 26,40 46,38 74,48 82,70 66,94 42,97 20,82
74,14 62,4 44,8 36,22 40,36 52,48 64,62 66,78 56,92 38,98 24,92
88,2 62,4 42,8 36,20 30,34 40,44 52,56 54,70 44,84 28,94 10,98
98,2 72,8 50,14 40,28 30,40 44,44 54,54 54,70 40,84 22,92 4,96
62,6 52,5 40,10 32,26 28,44 46,40 68,52 74,70 60,90 38,97 14,88
60,4 54,6 46,14 38,28 32,42 48,44 62,54 64,72 50,90 32,97 12,92
66,10 56,4 42,8 34,24 36,42 52,46 66,58 68,76 54,92 34,97 16,86
100,6 70,8 44,14 36,28 28,42 44,42 56,54 54,70 38,84 20,90 0,90
6, 100 %: in one stroke
64,3 44,16 30,38 24,62 30,86 50,97 70,88 74,70 60,58 42,62 28,78
46,2 36,24 30,46 27,70 34,92 52,97 68,86 68,68 54,58 38,66 29,80
74,4 50,14 32,36 24,62 30,88 52,97 72,86 74,68 58,60 42,68 34,86
58,2 38,24 22,48 14,72 28,94 54,97 80,84 82,66 62,58 38,66 16,80
56,3 36,22 22,48 18,72 30,92 54,95 72,80 70,58 52,50 34,60 22,74
60,2 44,22 32,44 26,66 32,88 48,96 62,90 66,78 58,70 46,74 36,84
50,3 38,26 30,50 24,76 34,94 56,95 74,80 76,64 62,62 50,74 44,88
50,2 28,26 16,52 14,76 32,94 58,96 82,80 84,60 68,46 50,54 40,76
40,4 26,26 18,50 18,74 34,94 58,96 78,82 78,62 60,48 38,52 22,66
36,6 22,30 14,52 14,74 36,92 66,92 92,78 94,64 74,58 54,66 46,86
68,2 50,26 36,48 30,68 34,90 48,97 62,88 62,74 52,68 42,74 34,84
54,2 48,24 44,46 40,70 42,88 48,97 56,88 56,76 52,68 46,72 42,82
7, 44 %: two strokes
14,10 46,8 84,6 | 84,6 70,34 58,64 50,98
18,14 50,10 80,4 | 80,4 72,34 66,66 62,98
16,6 48,10 84,10 | 84,10 66,36 52,64 40,98
14,14 44,4 78,8 | 78,8 74,36 64,66 48,98
26,14 50,10 76,8 | 76,8 66,38 56,68 44,98
8,12 48,8 90,6 | 90,6 76,34 68,64 66,98
4,30 46,22 92,8 | 92,8 70,36 46,62 24,92
7, 24 %: a tick on the left
14,28 18,11 48,9 84,6 | 84,6 70,34 58,64 50,98
22,36 20,14 48,12 78,6 | 78,6 70,36 60,66 52,98
12,20 18,8 48,12 84,12 | 84,12 68,36 54,64 46,98
26,52 22,14 48,8 74,10 | 74,10 70,40 64,68 60,98
14,40 22,8 52,14 84,4 | 84,4 70,34 60,66 54,98
20,44 26,16 50,14 80,6 | 80,6 64,36 48,64 36,98
10,34 26,12 50,18 90,4 | 90,4 70,32 44,62 24,92
26,40 30,10 52,12 78,10 | 78,10 76,40 74,70 74,98
7, 18 %: a round shoulder
12,16 34,7 62,5 78,13 74,34 64,58 56,80 50,98
18,10 40,8 64,8 80,14 72,36 58,60 48,80 42,98
10,24 26,8 56,3 76,14 76,38 70,62 58,82 44,97
8,40 24,14 54,4 74,14 72,40 64,62 58,80 54,98
7, 14 %: crossed
16,10 46,8 84,6 | 84,6 70,34 58,64 50,98 | 34,52 56,51 82,48
16,22 44,10 78,6 | 78,6 70,34 62,64 56,98 | 42,50 62,46 90,42
20,14 44,8 72,6 | 72,6 64,34 56,64 48,98 | 24,60 54,58 84,58
12,8 42,8 76,8 | 76,8 66,34 54,64 44,98 | 44,44 60,46 76,48
16,10 44,8 74,6 | 74,6 64,34 54,64 46,98 | 26,56 60,54 98,50
8, 86 %: in one stroke
72,16 54,3 32,10 30,30 50,46 72,62 74,84 52,97 30,86 30,66 48,48 66,32 72,14
66,12 52,3 38,12 38,30 50,46 64,62 66,84 50,97 36,86 36,66 48,48 60,32 64,14
74,18 54,4 30,10 30,28 46,40 76,60 80,84 50,97 20,86 24,62 46,44 70,30 76,14
80,18 60,4 38,12 34,30 50,48 66,62 66,84 48,97 32,88 36,70 54,50 76,28 90,6
70,8 48,6 32,20 40,36 54,48 66,62 66,82 48,96 30,86 34,68 54,42 68,24 84,4
78,14 60,3 30,8 22,30 42,46 66,58 70,80 52,96 32,88 32,70 50,50 74,34 80,14
58,8 44,6 34,18 38,34 54,46 72,62 74,84 50,97 26,84 30,64 52,48 66,32 62,12
82,22 66,6 40,8 30,24 44,42 62,56 68,78 50,95 30,88 30,72 50,54 70,40 88,30
84,4 60,6 42,18 40,32 52,46 64,60 66,78 48,96 34,86 38,68 56,46 74,24 92,2
62,20 50,6 36,14 38,30 50,44 66,58 72,76 56,96 38,90 36,72 46,56 54,42 60,26
90,10 64,2 34,8 26,24 42,40 62,54 70,74 50,92 26,92 22,78 42,60 64,46 84,34
76,18 56,3 30,10 24,32 44,54 58,68 62,84 50,97 38,88 42,72 54,56 72,36 76,18
58,12 50,4 42,8 40,20 52,34 76,56 80,82 50,97 22,84 26,60 46,38 56,24 58,12
8, 14 %: two loops
50,4 30,14 32,36 52,46 70,34 68,12 50,4 | 50,46 26,58 24,84 50,97 76,86 76,60 52,46
54,4 36,10 32,30 50,42 70,30 70,12 52,4 | 46,44 26,62 30,88 52,97 72,86 70,60 52,42
52,14 20,16 16,38 50,46 86,38 84,16 52,14 | 50,46 10,56 8,84 50,92 92,84 90,56 50,46
9, 60 %: a loop and a stem
72,16 54,4 34,12 26,32 40,48 60,42 72,22 | 74,10 72,40 68,70 62,98
68,10 50,4 34,14 28,32 40,44 58,38 70,20 | 72,10 68,40 62,70 56,98
76,20 52,10 26,18 14,36 30,52 56,46 76,24 | 78,12 72,42 66,72 58,98
66,8 46,10 30,24 26,40 40,50 58,42 74,26 | 76,14 74,42 74,70 74,98
74,24 60,6 40,4 26,22 34,42 54,42 72,26 | 74,22 74,46 72,72 70,98
70,30 64,10 40,4 20,22 22,48 46,58 68,40 | 72,20 74,46 74,72 72,98
82,10 52,2 20,14 12,38 28,58 58,54 80,24 | 80,12 84,40 84,70 80,98
62,12 54,4 46,12 42,26 48,36 56,30 62,18 | 62,12 60,40 56,68 52,98
60,14 46,10 32,20 26,36 40,48 58,44 76,28 | 80,4 74,38 68,68 60,98
70,22 60,14 44,12 28,24 32,42 52,44 72,26 | 76,6 70,40 64,70 56,98
78,14 54,8 32,14 18,30 30,40 52,38 74,26 | 78,14 72,40 62,70 50,98
66,16 50,8 32,22 22,40 36,50 56,40 68,20 | 70,14 74,44 70,72 70,98
64,24 50,10 30,14 18,32 26,48 46,46 64,30 | 66,8 70,40 72,70 76,98
74,12 58,6 36,12 22,26 28,38 50,34 72,18 | 76,10 66,40 56,68 46,98
78,8 56,3 34,12 22,30 34,42 56,36 74,24 | 76,18 70,44 62,70 52,98
9, 30 %: in one stroke
72,14 54,4 34,12 26,32 40,47 60,42 72,22 73,34 71,56 66,78 60,98
74,18 54,4 34,10 26,30 38,48 60,46 73,24 74,36 72,60 64,84 50,97
80,6 58,4 38,12 28,30 38,44 58,38 74,18 72,34 66,56 60,78 52,98
70,14 56,3 40,10 34,26 42,40 56,36 68,18 69,34 67,56 64,78 62,98
9, 10 %: a hook at the foot
72,14 54,4 34,12 28,30 40,46 58,42 72,22 75,40 70,72 52,95 24,92
74,18 54,6 32,12 24,30 38,46 60,42 74,22 76,46 72,76 56,96 38,88
66,14 50,4 36,12 34,26 46,34 60,28 68,18 72,40 68,72 50,94 18,88
72,20 58,6 40,10 34,26 46,38 62,32 70,20 66,44 58,66 46,82 22,94
"""

# Files in matplotlib's own folder of fonts, and how a page may call them.
PRINTED = {
    "DejaVuSans": "DejaVu Sans",
    "DejaVuSans-Bold": "DejaVu Sans, bold",
    "DejaVuSans-Oblique": "DejaVu Sans, oblique",
    "DejaVuSans-BoldOblique": "DejaVu Sans, bold oblique",
    "DejaVuSansMono": "DejaVu Sans Mono",
    "DejaVuSansMono-Bold": "DejaVu Sans Mono, bold",
    "DejaVuSansMono-Oblique": "DejaVu Sans Mono, oblique",
    "DejaVuSansMono-BoldOblique": "DejaVu Sans Mono, bold oblique",
    "DejaVuSerif": "DejaVu Serif",
    "DejaVuSerif-Bold": "DejaVu Serif, bold",
    "DejaVuSerif-Italic": "DejaVu Serif, italic",
    "DejaVuSerif-BoldItalic": "DejaVu Serif, bold italic",
    "STIXGeneral": "STIX",
    "STIXGeneralBol": "STIX, bold",
    "STIXGeneralItalic": "STIX, italic",
    "STIXGeneralBolIta": "STIX, bold italic",
    "cmr10": "Computer Modern",
    "cmb10": "Computer Modern, bold",
    "cmss10": "Computer Modern Sans",
    "cmtt10": "Computer Modern Typewriter",
}


class Forms(NamedTuple):
    """The tables of `FORMS`, padded to one size, ready to be picked from by number."""

    until: np.ndarray  # (10, forms) each digit's shares of the forms, added up: from 0 to 1
    poses: np.ndarray  # (forms,) how many poses a form has
    points: np.ndarray  # (forms, most poses, most points, 2) from −0.5 to 0.5
    basis: np.ndarray  # (forms, DOTS, most points) a dot is this weighted sum of points
    along: np.ndarray  # (forms, DOTS) where on its stroke: 0 start, 1 end, −BEYOND…1 + BEYOND
    stroke: np.ndarray  # (forms, DOTS) which stroke the dot belongs to


def draw_digits(count, seed=0, progress=False):
    """Draw `count` handwritten digits, shuffled, in the proportions of MNIST's training digits.

    The same seed gives the same digits, and a smaller count gives the first of a larger one.
    Another version of NumPy may draw others, as its generators' streams may change (NEP 19).
    NumPy's global random state is neither read nor changed.

    Args:
        count: how many, 1 or more.
        seed: 0 or more; other seeds give other digits.
        progress: show a tqdm progress bar, unless TQDM_DISABLE is 1; it goes when all is drawn.

    Returns:
        images: uint8 of shape (count, 28, 28); 0 is paper, 255 is ink.
        labels: uint8 of shape (count,), from 0 to 9.

    Raises:
        ValueError: count is not a whole number of 1 or more, or seed not one of 0 or more.
    """
    count, seed = checks.whole(count, "count", low=1), checks.whole(seed, "seed")
    blocks = -(-count // BLOCK)
    images = np.zeros((blocks * BLOCK, SIDE, SIDE), np.uint8)
    labels = np.zeros(blocks * BLOCK, np.uint8)

    def fill(block):
        here = slice(block * BLOCK, (block + 1) * BLOCK)
        images[here], labels[here] = _draw_block(np.random.default_rng([seed, block]))
        return block

    hidden = {} if progress else {"disable": True}  # False would overrule TQDM_DISABLE
    bar = tqdm(total=count, desc="Drawing digits", unit=" digits", leave=False, **hidden)
    with bar, ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        for block in pool.map(fill, range(blocks)):
            bar.update(min(BLOCK, count - block * BLOCK))
    return images[:count], labels[:count]


def printed_digits():
    """The ten digits in each of the fonts in `PRINTED`, boxed and centred as MNIST's were.

    Returns:
        images: uint8 of shape (n, 28, 28); 0 is paper, 255 is ink.
        labels: uint8 of shape (n,): 0 to 9 in the first font, then in the next.
        fonts: the name of each image's font, a list of n.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch

    # One sheet, a box for each digit: a point of the figure is a pixel, so Agg's own smoothing
    # of edges makes the greys.
    rows = len(PRINTED)
    sheet = Figure(figsize=(10 * BOX, rows * BOX), dpi=1, facecolor="black")
    for row, file in enumerate(PRINTED):
        for digit in range(10):
            corner = (digit * BOX, (rows - 1 - row) * BOX)
            outline = _outline(file, digit, corner)
            sheet.add_artist(PathPatch(outline, transform=None, color="white", lw=0, snap=False))
    canvas = FigureCanvasAgg(sheet)
    canvas.draw()
    grey = np.asarray(canvas.buffer_rgba())[..., 0].astype(np.float32) / 255
    boxes = grey.reshape(rows, BOX, 10, BOX).swapaxes(1, 2).reshape(-1, BOX, BOX)
    fonts = [name for name in PRINTED.values() for _ in range(10)]
    return _centre(boxes), np.tile(np.arange(10, dtype=np.uint8), rows), fonts


def _outline(file, digit, corner):
    """A printed digit's outline, its longer side BOX, in the middle of the box at `corner`."""
    import matplotlib
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    font = FontProperties(fname=f"{matplotlib.get_data_path()}/fonts/ttf/{file}.ttf")
    text = TextPath((0, 0), str(digit), size=100, prop=font)
    edges = text.get_extents()
    size = np.array([edges.width, edges.height])
    scale = BOX / size.max()
    inset = (BOX - size * scale) / 2
    return Path((text.vertices - edges.min) * scale + inset + corner, text.codes)


# --- From the tables to weighted sums of points ---------------------------------------------------


@cache
def _forms():
    """Read `FORMS` once, as arrays."""
    digits, shares, poses = _read(FORMS)
    size = [len(forms) for forms in poses], [sum(map(len, forms[0])) for forms in poses]
    points = np.zeros((len(poses), max(size[0]), max(size[1]), 2), np.float32)
    basis = np.zeros((len(poses), DOTS, max(size[1])), np.float32)
    along = np.zeros((len(poses), DOTS), np.float32)
    stroke = np.zeros((len(poses), DOTS), np.intp)
    for f, form in enumerate(poses):
        for p, pose in enumerate(form):
            points[f, p, : size[1][f]] = np.concatenate(pose)
        basis[f, :, : size[1][f]], along[f], stroke[f] = _dots(form[0])
    share = np.where(digits == np.arange(10)[:, None], shares, 0)
    until = np.cumsum(share, axis=1) / share.sum(1, keepdims=True)
    return Forms(until, np.array(size[0]), points, basis, along, stroke)


def _read(text):
    """The forms of a text like `FORMS`: digits and shares, two arrays, and poses, a list of lists.

    A pose is a list of strokes, each an array (points, 2) of numbers from −0.5 to 0.5.
    """
    digits, shares, poses = [], [], []
    for line in text.strip().splitlines():
        if header := re.match(r"(\d), (\d+) %: ", line):
            digits.append(int(header[1]))
            shares.append(int(header[2]))
            poses.append([])
        else:
            strokes = [re.findall(r"(\d+),(\d+)", part) for part in line.split("|")]
            poses[-1].append([np.array(stroke, float) / 100 - 0.5 for stroke in strokes])
    return np.array(digits), np.array(shares), poses


def _dots(strokes):
    """Spread DOTS dots evenly over the strokes: weights (DOTS, points), `along`, `stroke`."""
    lengths = [np.linalg.norm(np.diff(s, axis=0), axis=1).sum() for s in strokes]
    ends = np.round(np.cumsum(lengths) / np.sum(lengths) * DOTS).astype(int)
    basis = np.zeros((DOTS, sum(map(len, strokes))))
    along, number = np.zeros(DOTS), np.zeros(DOTS, int)
    dot = point = 0
    for s, (stroke, end) in enumerate(zip(strokes, ends, strict=True)):
        along[dot:end] = np.linspace(-BEYOND, 1 + BEYOND, end - dot)
        number[dot:end] = s
        basis[dot:end, point : point + len(stroke)] = _curve(stroke, along[dot:end])
        dot, point = end, point + len(stroke)
    return basis, along, number


def _curve(stroke, along):
    """Weights (dots, points) of a Catmull-Rom curve through the points, at shares of its length."""
    knots = len(stroke) - 1
    fine = np.linspace(0, knots, 40 * knots + 1)
    steps = np.linalg.norm(np.diff(_catmull_rom(knots, fine) @ stroke, axis=0), axis=1)
    length = np.concatenate([[0], np.cumsum(steps)])
    at = np.interp(along, length / length[-1], fine)
    at += np.minimum(along, 0) * knots + np.maximum(along - 1, 0) * knots
    return _catmull_rom(knots, at)


def _catmull_rom(knots, at):
    """Weights (len(at), knots + 1) of the points at `at`, 0…knots; straight on beyond the ends.

    Catmull and Rom, "A class of local interpolating splines" (1974), in its uniform form.
    """
    k = np.clip(np.floor(at).astype(int), 0, knots - 1)
    t = at - k
    inside = np.clip(t, 0, 1)
    t1, t2, t3 = inside, inside**2, inside**3
    cubic = np.stack([-t1 + 2 * t2 - t3, 2 - 5 * t2 + 3 * t3, t1 + 4 * t2 - 3 * t3, t3 - t2]) / 2
    weights = np.zeros((len(at), knots + 3))
    for shift in range(4):
        weights[np.arange(len(at)), k + shift] = cubic[shift]
    # The missing neighbours of the first and last points continue the line: 2a − b.
    weights[:, 1] += 2 * weights[:, 0]
    weights[:, 2] -= weights[:, 0]
    weights[:, -2] += 2 * weights[:, -1]
    weights[:, -3] -= weights[:, -1]
    weights = weights[:, 1:-1]
    over = t - inside
    rows = np.arange(len(at))
    weights[rows, k] -= over
    weights[rows, k + 1] += over
    return weights


# --- Chance ---------------------------------------------------------------------------------------


def _draw_block(rng):
    """One block of digits: images (BLOCK, 28, 28) uint8 and labels (BLOCK,) uint8."""
    labels = rng.choice(10, BLOCK, p=np.array(COUNTS) / sum(COUNTS))
    form = _pick_forms(rng, labels)
    sloppy = np.exp(_normal(rng, 0.35, BLOCK, 1))
    dots = _write(rng, form, sloppy)
    dots = _bend(rng, dots, sloppy)
    dots = _lean(rng, dots, labels)
    radius = _pen(rng, form, labels)
    dots, radius = _fit_box(dots, radius)
    images = np.concatenate(
        [
            _rasterise(rng, dots[start : start + SLAB], radius[start : start + SLAB])
            for start in range(0, BLOCK, SLAB)
        ]
    )
    return _centre(images), labels.astype(np.uint8)


def _normal(rng, spread, *shape):
    """Normally distributed float32 numbers around zero."""
    return rng.standard_normal(shape, np.float32) * np.float32(spread)


def _pick_forms(rng, labels):
    """The number of a form of each label, (n,), by the forms' shares."""
    forms = _forms()
    return (rng.random(len(labels))[:, None] >= forms.until[labels]).sum(1)


def _write(rng, form, sloppy):
    """The dots (n, DOTS, 2) of each form: its poses mixed, its points and strokes jittered.

    Gamma numbers, divided by their sum, follow a Dirichlet distribution: here one or two poses of
    a form get most of the weight, so that mixes do not all end up near the middle.
    """
    forms = _forms()
    n, most_poses = len(form), forms.points.shape[1]
    has = np.arange(most_poses) < forms.poses[form][:, None]
    mix = rng.standard_gamma(1.2 / forms.poses[form][:, None], (n, most_poses)) * has + 1e-9
    mix = (mix / mix.sum(1, keepdims=True)).astype(np.float32)
    points = np.einsum("np,npkc->nkc", mix, forms.points[form])
    points += _normal(rng, 0.016, *points.shape) * sloppy[..., None]
    dots = forms.basis[form] @ points
    moved = _normal(rng, 0.024, n, 3, 2) * sloppy[..., None]
    return dots + np.take_along_axis(moved, forms.stroke[form][:, :, None], 1)


def _bend(rng, dots, sloppy):
    """Bend the plane that each digit lies on: a few waves, long ones stronger than short ones."""
    for wave, strength in ((2.5, 0.07), (5.0, 0.034), (9.0, 0.011)):
        n = len(dots)
        direction = rng.uniform(0, 2 * np.pi, (n, 1, 2)).astype(np.float32)
        phase = rng.uniform(0, 2 * np.pi, (n, 1, 2)).astype(np.float32)
        x, y = dots[..., :1], dots[..., 1:]
        waves = np.sin(wave * (x * np.cos(direction) + y * np.sin(direction)) + phase)
        dots = dots + waves * _normal(rng, strength, n, 1, 2) * sloppy[..., None]
    return dots


def _lean(rng, dots, labels):
    """Stretch, slant and turn each digit, as a whole."""
    n = len(dots)
    width = np.exp(_normal(rng, 0.17, n, 1) - np.float32(0.06))
    slant = _normal(rng, 0.24, n, 1) + np.array(SLANT, np.float32)[labels][:, None]
    turn = _normal(rng, 0.12, n, 1)
    x, y = dots[..., 0] * width, dots[..., 1]
    x = x - slant * y
    cosine, sine = np.cos(turn), np.sin(turn)
    return np.stack([x * cosine - y * sine, x * sine + y * cosine], -1)


def _pen(rng, form, labels):
    """The radius of each dot in pixels, (n, DOTS); 0 where the pen does not touch the paper."""
    forms = _forms()
    n, along, stroke = len(form), forms.along[form], forms.stroke[form]
    radius = np.array(PEN, np.float32)[labels][:, None] * np.exp(_normal(rng, 0.28, n, 1))
    radius *= np.where(rng.random((n, 1)) < 0.015, 1.6, 1).astype(np.float32)  # a marker
    phase = rng.uniform(0, 2 * np.pi, (n, 1)).astype(np.float32)
    radius = radius * (1 + _normal(rng, 0.08, n, 1) * np.sin(4 * along + phase + 2 * stroke))
    start = _normal(rng, 0.035, n, 3)
    stop = 1 + _normal(rng, 0.04, n, 3)
    touches = along >= np.take_along_axis(start, stroke, 1)
    touches &= along <= np.take_along_axis(stop, stroke, 1)
    touches &= ~_gap(rng, n)
    return np.where(touches, np.clip(radius, 0.5, 3), 0).astype(np.float32)


def _gap(rng, n):
    """Where a pen that skips leaves no dots, (n, DOTS): a short gap in a few digits."""
    start = rng.integers(0, DOTS, (n, 1))
    length = rng.integers(4, 12, (n, 1)) * (rng.random((n, 1)) < 0.03)
    dot = np.arange(DOTS)
    return (dot >= start) & (dot < start + length)


# --- Pixels ---------------------------------------------------------------------------------------


def _fit_box(dots, radius):
    """Scale and move the dots so that the ink's longer side spans the box and the shorter is in it.

    Dots are returned in pixels from the box's upper left corner, radii in pixels.
    """
    touches = (radius > 0)[..., None]
    inner = BOX - 2 * radius.max(1)[:, None, None]
    low, high = _span(dots, 0, touches)
    dots = (dots - low) * (inner / (high - low).max(-1, keepdims=True))
    low, high = _span(dots, radius[..., None], touches)
    scale = BOX / (high - low).max(-1, keepdims=True)
    return (dots - (low + high) / 2) * scale + BOX / 2, radius * scale[..., 0]


def _span(dots, radius, touches):
    """The least and greatest x and y that ink reaches, two arrays (n, 1, 2)."""
    low = np.where(touches, dots - radius, np.inf).min(1, keepdims=True)
    high = np.where(touches, dots + radius, -np.inf).max(1, keepdims=True)
    return low, high


def _rasterise(rng, dots, radius):
    """Grey pixels of the box, (n, 20, 20) float32 from 0 to 1, for dots (n, DOTS, 2) in pixels.

    A pixel's distance to the edge of the ink is that to the nearest dot, less its radius; ink fades
    out over about a pixel around the edge. Digits come last while we work, so that one step
    of the loop is a few long rows of additions.
    """
    n = len(dots)
    middle = np.arange(BOX, dtype=np.float32)[:, None] + np.float32(0.5)
    x, y = dots[..., 0].T.copy(), dots[..., 1].T.copy()
    radius = radius.T
    power = np.where(radius > 0, radius**2, np.float32(-1e6))
    nearest = np.full((BOX, BOX, n), np.float32(1e6))
    here = np.empty_like(nearest)
    for dot in range(DOTS):
        across = (middle - x[dot]) ** 2
        down = (middle - y[dot]) ** 2 - power[dot]
        np.add(down[:, None], across[None], out=here)
        np.minimum(nearest, here, out=nearest)
    typical = radius.max(0)
    distance = np.sqrt(np.maximum(nearest + typical**2, 0)) - typical
    distance += _normal(rng, 0.13, *distance.shape)
    soft = rng.uniform(1.4, 2.1, n).astype(np.float32)
    ink = np.clip(np.float32(0.5) - distance / soft, 0, 1)
    ink = np.minimum(GAIN * ink * ink * (3 - 2 * ink), 1)
    return ink.transpose(2, 0, 1)


def _centre(boxes):
    """Put boxes (n, 20, 20) into pictures (n, 28, 28) uint8, centre of mass on the middle pixel.

    The rare box that would leave the picture stops at its edge, a pixel short at most.
    """
    n = len(boxes)
    mass = np.maximum(boxes.sum((1, 2)), np.float32(1e-6))
    places = np.arange(BOX, dtype=np.float32)
    down = np.rint(CENTRE - boxes.sum(2) @ places / mass).astype(int)
    right = np.rint(CENTRE - boxes.sum(1) @ places / mass).astype(int)
    down, right = (np.clip(shift, 0, SIDE - BOX) for shift in (down, right))
    inside = np.arange(BOX)
    pictures = np.zeros((n, SIDE, SIDE), np.uint8)
    rows = (down[:, None] + inside)[:, :, None]
    columns = (right[:, None] + inside)[:, None, :]
    pictures[np.arange(n)[:, None, None], rows, columns] = np.rint(boxes * 255)
    return pictures
