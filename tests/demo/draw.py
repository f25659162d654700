"""Pictures for the demo, drawn and not photographed: flowers, circuit boards and faces, each with what is on it.

A picture follows from its name alone. draw(kind, name) answers the PNG and the boxes on it: (label, left, top, width,
height) in pixels.
"""
import math
import random
import struct
import zlib

WIDTH, HEIGHT = 256, 192


class Canvas:
    def __init__(self, colour):
        self.rows = [bytearray(bytes(colour) * WIDTH) for _ in range(HEIGHT)]

    def span(self, y, left, right, colour):
        left, right = max(0, round(left)), min(WIDTH, round(right))
        if 0 <= y < HEIGHT and left < right:
            self.rows[y][3 * left:3 * right] = bytes(colour) * (right - left)

    def box(self, left, top, width, height, colour):
        for y in range(round(top), round(top + height)):
            self.span(y, left, left + width, colour)

    def ellipse(self, x, y, a, b, colour):
        for row in range(math.floor(y - b), math.ceil(y + b) + 1):
            inside = 1 - ((row - y) / b) ** 2
            if inside > 0:
                self.span(row, x - a * math.sqrt(inside), x + a * math.sqrt(inside), colour)

    def line(self, x1, y1, x2, y2, thick, colour):
        steps = int(max(abs(x2 - x1), abs(y2 - y1), 1))
        for i in range(steps + 1):
            x, y = x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps
            self.box(x - thick / 2, y - thick / 2, thick, thick, colour)

    def png(self):
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        lines = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 9)
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)) +
                chunk(b"IDAT", lines) + chunk(b"IEND", b""))


FLOWERS = {"rose": ((196, 30, 58), (120, 12, 34), 5, 0.95), "tulip": ((232, 120, 40), (180, 70, 20), 3, 1.35),
           "daisy": ((246, 246, 240), (236, 190, 40), 12, 1.1), "iris": ((96, 72, 190), (240, 210, 80), 6, 1.2)}


def flower(canvas, chance, label):
    petal, heart, petals, long = FLOWERS[label]
    x, y, size = chance.uniform(90, 165), chance.uniform(64, 90), chance.uniform(24, 32)
    canvas.box(0, 150, WIDTH, 42, (104, 142, 88))
    canvas.line(x, y + size, x + chance.uniform(-18, 18), 176, 5, (58, 110, 60))
    canvas.ellipse(x + 22, 138, 24, 8, (72, 128, 70))
    turn = chance.random()
    for i in range(petals):
        angle = 2 * math.pi * (i + turn) / petals
        canvas.ellipse(x + size * 0.75 * math.cos(angle), y + size * 0.75 * math.sin(angle), size * 0.62, size * 0.62 * long, petal)
    canvas.ellipse(x, y, size * 0.5, size * 0.5, heart)
    reach = size * (0.75 + 0.62 * max(1, long)) + 2
    return [(label, x - reach, y - reach, 2 * reach, 2 * reach)]


def circuit_board(canvas, chance, label):
    boxes = []
    for _ in range(14):
        x, y = chance.randrange(8, 248, 8), chance.randrange(8, 184, 8)
        canvas.line(x, y, min(248, x + chance.randrange(16, 96, 8)), y, 2, (86, 158, 96))
        canvas.line(x, y, x, min(184, y + chance.randrange(16, 72, 8)), 2, (86, 158, 96))
    for left, top in ((30, 30), (150, 26), (92, 104), (186, 118)):
        canvas.box(left, top, 42, 30, (30, 32, 36))
        for pin in range(6):
            canvas.box(left + 3 + 7 * pin, top - 5, 3, 5, (206, 206, 196))
            canvas.box(left + 3 + 7 * pin, top + 30, 3, 5, (206, 206, 196))
    if label == "scratch":
        x, y = chance.uniform(30, 120), chance.uniform(70, 100)
        canvas.line(x, y, x + 78, y + 34, 3, (222, 226, 214))
        boxes.append(("scratch", x - 6, y - 6, 90, 46))
    elif label == "missing part":
        left, top = chance.choice(((30, 30), (150, 26), (92, 104)))
        canvas.box(left, top, 42, 30, (64, 122, 76))
        boxes.append(("missing part", left - 5, top - 8, 52, 46))
    elif label == "solder bridge":
        left = chance.choice((36, 156))
        canvas.ellipse(left + 12, 64, 13, 6, (232, 232, 226))
        boxes.append(("solder bridge", left - 4, 54, 32, 20))
    return boxes


def face(canvas, chance, label):
    skin = chance.choice(((241, 205, 176), (214, 164, 128), (150, 104, 78), (112, 76, 58)))
    hair = chance.choice(((44, 32, 28), (110, 70, 40), (196, 160, 92), (90, 90, 96)))
    shirt = chance.choice(((64, 98, 150), (150, 76, 86), (74, 124, 98), (120, 98, 150)))
    canvas.ellipse(128, 206, 82, 52, shirt)
    canvas.box(112, 130, 32, 36, skin)
    canvas.ellipse(128, 78, 52, 60, hair)
    canvas.ellipse(128, 92, 43, 54, skin)
    canvas.ellipse(128, 46, 44, chance.uniform(16, 24), hair)
    for side in (-17, 17):
        canvas.ellipse(128 + side, 88, 7, 4.5, (250, 250, 250))
        canvas.ellipse(128 + side, 88, 3.4, 3.4, (40, 40, 46))
        canvas.box(120 + side, 77, 16, 2.6, hair)
    canvas.ellipse(128, 104, 4, 8, tuple(int(0.9 * part) for part in skin))
    canvas.ellipse(128, 124, 15, chance.uniform(3, 6), (168, 66, 70))
    return [(label, 80, 34, 96, 116)]


KINDS = {"flower": (flower, lambda chance: chance.choice(((206, 224, 238), (226, 232, 216), (232, 222, 230)))),
         "board": (circuit_board, lambda chance: (44, 98, 60)),
         "face": (face, lambda chance: chance.choice(((222, 226, 230), (214, 224, 218), (232, 224, 214))))}


def draw(kind, name, label):
    paint, ground = KINDS[kind]
    # Of a face, who it is decides how it looks; of the others, every picture is another.
    chance = random.Random(f"{kind} {label if kind == 'face' else name}")
    canvas = Canvas(ground(chance))
    return paint_and_encode(canvas, paint, chance, label)


def paint_and_encode(canvas, paint, chance, label):
    boxes = paint(canvas, chance, label)
    return canvas.png(), boxes
