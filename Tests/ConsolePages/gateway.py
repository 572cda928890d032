# SPDX-License-Identifier: Apache-2.0
"""A voice gateway that plays echo: what the page says comes back. Its socket speaks as TalkFrame.swift
says."""
import socket
import threading

REQUEST, ACT, STATE, VOICE = 1, 2, 3, 4
CALLING, TALKING = bytes([1]), bytes([2, 0, 90, 0, 3])
PURPOSES, ACTS = {1: "answer", 2: "talk", 3: "listen"}, {1: "mute", 2: "unmute", 5: "hangUp"}


class EchoGateway:
    """Listens at a path until `end`; keeps what it was asked and how much was said."""

    def __init__(self, path):
        self.requests, self.acts, self.packets, self.closed = [], [], 0, 0
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=[line], daemon=True).start()

    def talk(self, line):
        try:
            self.hear(line)
        except ConnectionResetError:
            pass  # The hub ended with our echo unread.
        self.closed += 1

    def hear(self, line):
        with line, line.makefile("rb") as incoming:
            while head := incoming.read(3):
                kind, body = head[0], incoming.read(int.from_bytes(head[1:], "big"))
                if kind == REQUEST:
                    self.requests.append((PURPOSES[body[0]], body[1:17].rstrip(b"\0").decode(),
                                          body[49:].decode()))
                    self.say(line, STATE, CALLING)
                    self.say(line, STATE, TALKING)
                elif kind == ACT:
                    self.acts.append(ACTS.get(body[0]))
                elif kind == VOICE:
                    self.packets += 1
                    self.say(line, VOICE, body)

    @staticmethod
    def say(line, kind, body):
        try:
            line.sendall(bytes([kind]) + len(body).to_bytes(2, "big") + body)
        except OSError:
            pass

    def end(self):
        self.socket.close()
