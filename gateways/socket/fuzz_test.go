package main

import (
	"bytes"
	"testing"

	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
)

// Whatever a provider sends, reading it comes to an end and needs no more memory than a message. A request that can be read is
// within its bounds. One that cannot be read has an answer that can be sent.
func FuzzTheWayIn(f *testing.F) {
	hello, _ := soup.Login{Username: "alpha", Password: "secret", Next: 1}.Append(nil)
	for _, m := range []message.Request{trade(1, "F-1"), reserve(2, "F-2"), &message.StatusRequest{}} {
		payload, err := message.AppendRequest(nil, m)
		if err != nil {
			f.Fatal(err)
		}
		packet, _ := soup.Append(bytes.Clone(hello), soup.TypeUnsequenced, payload)
		f.Add(packet)
		f.Add(packet[:len(packet)-3])
	}
	f.Add([]byte{0, 0})
	f.Add([]byte{0xff, 0xff, 'U', 1})
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := soup.NewReader(bytes.NewReader(stream), soup.Client, soup.LoginLimit)
		for packets := 0; ; packets++ {
			p, err := r.Next()
			if err != nil {
				return
			}
			if len(p.Payload) > message.MaxRequest || packets > len(stream) {
				t.Fatalf("packet %d of %d bytes", packets, len(p.Payload))
			}
			switch p.Type {
			case soup.TypeLoginRequest:
				_, _ = soup.ParseLogin(p.Payload)
				r.SetLimit(message.MaxRequest)
			case soup.TypeUnsequenced:
				way(t, p.Payload)
			default:
			}
		}
	})
}

func way(t *testing.T, payload []byte) {
	m, err := message.ParseRequest(payload)
	if err == nil {
		if len(m.Head().Reference) > 64 {
			t.Fatalf("reference of %d bytes", len(m.Head().Reference))
		}
		return
	}
	fault, is := err.(*message.Fault) //nolint:errorlint // that is the contract
	if !is {
		t.Fatalf("%T: %v", err, err)
	}
	if _, err := message.AppendAnswer(nil, fault.Reject(1)); err != nil {
		t.Fatalf("the answer to %x cannot be sent: %v", payload, err)
	}
}
