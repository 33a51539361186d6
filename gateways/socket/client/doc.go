// Package client is for providers that connect to FX Core by socket: it logs in, delivers the core's messages in order
// and each once, sends requests until the core says that it has them, keeps the connection alive, and connects again
// when it is lost, without a gap and without a repeat. The protocol is in the gateway's README.md.
//
//	c, err := client.Dial(ctx, "core:9877", client.Credentials{Username: "alpha", Password: "…"}, client.Point{Next: 1})
//	number, err := c.Send(ctx, &message.TradeRequest{…})
//	for {
//		m, err := c.Next(ctx) // io.EOF at the end of the session
//		answer, err := m.Answer()
//		// store what it says together with m.Number: Point{Session: c.Session(), Next: m.Number + 1} goes on behind it
//	}
package client
