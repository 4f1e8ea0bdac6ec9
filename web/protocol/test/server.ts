/** A real WebSocket server that says what the test tells it to and remembers what it heard. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";

export interface Heard {
  t: string;
  [field: string]: unknown;
}

export class Server {
  readonly heard: Heard[] = [];
  readonly sockets: ServerSocket[] = [];
  private waiting: { t: string; found: (frame: Heard) => void }[] = [];
  private unread: Heard[] = [];

  private constructor(private readonly server: WebSocketServer) {
    server.on("connection", (socket) => {
      this.sockets.push(socket);
      socket.on("message", (data) => this.take(JSON.parse(String(data)) as Heard));
    });
  }

  static async start(): Promise<Server> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    return new Server(server);
  }

  get address(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get last(): ServerSocket {
    const socket = this.sockets[this.sockets.length - 1];
    if (!socket) throw new Error("nobody has connected");
    return socket;
  }

  /** The next frame of this kind, heard already or still to come; each is given once. */
  next(t: string): Promise<Heard> {
    const at = this.unread.findIndex((frame) => frame.t === t);
    if (at >= 0) return Promise.resolve(this.unread.splice(at, 1)[0] as Heard);
    return new Promise((found) => this.waiting.push({ t, found }));
  }

  say(frame: object): void {
    this.last.send(JSON.stringify(frame));
  }

  async greet(): Promise<Heard> {
    const hello = await this.next("hello");
    this.say({ t: "welcome", now: "2026-11-21T08:00:00Z" });
    return hello;
  }

  close(): void {
    for (const socket of this.sockets) socket.terminate();
    this.server.close();
  }

  private take(frame: Heard): void {
    this.heard.push(frame);
    const at = this.waiting.findIndex((one) => one.t === frame.t);
    if (at >= 0) this.waiting.splice(at, 1)[0]?.found(frame);
    else this.unread.push(frame);
  }
}
