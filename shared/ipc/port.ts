/**
 * One end of a two-way channel of plain records. MessagePort, WebSocket and a pair in memory all
 * become one; records arrive whole, in order, and as copies.
 */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the other end is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

/**
 * Two connected ports in one process. Messages are copied as a real channel would copy them, and
 * arrive after the sender's current step.
 */
export function createPortPair(): readonly [Port, Port] {
  const ends = [createEnd(), createEnd()] as const;
  const connect = (self: End, peer: End): Port => ({
    post(message) {
      if (self.closed || peer.closed) return;
      const copy: unknown = JSON.parse(JSON.stringify(message));
      queueTask(() => {
        if (!peer.closed) for (const listener of peer.messageListeners) listener(copy);
      });
    },
    onMessage: (listener) => void self.messageListeners.push(listener),
    onClose: (listener) => void self.closeListeners.push(listener),
    close() {
      if (self.closed) return;
      self.closed = true;
      queueTask(() => {
        if (peer.closed) return;
        peer.closed = true;
        for (const listener of peer.closeListeners) listener();
      });
    },
  });
  return [connect(ends[0], ends[1]), connect(ends[1], ends[0])];
}

interface End {
  closed: boolean;
  readonly messageListeners: ((message: unknown) => void)[];
  readonly closeListeners: (() => void)[];
}

function createEnd(): End {
  return { closed: false, messageListeners: [], closeListeners: [] };
}

function queueTask(task: () => void): void {
  void Promise.resolve().then(task);
}
