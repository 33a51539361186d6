// Package client is for providers that connect to FX Core by socket. It logs in, delivers each message of the core once and in
// order, sends requests until the core confirms them, and keeps the connection alive. It connects again when a connection is
// lost, and loses or repeats no message. The gateway's README.md describes the protocol.
//
//	c, err := client.Dial(ctx, "core:9877", client.Credentials{Username: "alpha", Password: "…"}, client.Point{Next: 1})
//	number, err := c.Send(ctx, &message.TradeRequest{…})
//	for {
//		m, err := c.Next(ctx) // io.EOF at the end of the session
//		answer, err := m.Answer()
//		// store the answer together with m.Number; Point{Session: c.Session(), Next: m.Number + 1} continues after it
//	}
package client
