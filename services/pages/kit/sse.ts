// Server-sent events as the standard writes them, from chunks of text that may end anywhere.

export interface Event { name: string; data: string; id: string }

export class Reader {
  private rest = "";
  private id = "";

  /** Takes the next chunk and returns the events that it completes. Comments are no events. */
  take(chunk: string): Event[] {
    const text = (this.rest + chunk).replace(/\r\n?/g, "\n");
    const blocks = text.split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.map((block) => this.block(block)).filter((e) => e !== undefined);
  }

  private block(block: string): Event | undefined {
    let name = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") name = value;
      else if (field === "data") data.push(value);
      else if (field === "id") this.id = value;
    }
    return data.length || name !== "message" ? { name, data: data.join("\n"), id: this.id } : undefined;
  }
}
