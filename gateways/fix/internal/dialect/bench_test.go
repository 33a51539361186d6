package dialect

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Both directions lie on the path of every trade. The figures are per message.

func BenchmarkToEvent(b *testing.B) {
	for _, name := range []string{"spot 4.4", "swap by legs 5.0", "reserve DF"} {
		b.Run(name, func(b *testing.B) {
			s, m := sampleMessage(b, name)
			d := New(Settings{})
			b.ReportAllocs()
			for b.Loop() {
				if _, reject := d.ToEvent(s, always("entry-1"), noon, m); reject != nil {
					b.Fatal(reject)
				}
			}
		})
	}
}

func BenchmarkPending(b *testing.B) {
	s, m := sampleMessage(b, "spot 4.4")
	d := New(Settings{})
	in, _ := d.ToEvent(s, always("entry-1"), noon, m)
	b.ReportAllocs()
	for b.Loop() {
		d.Pending(s, in.Event)
	}
}

func BenchmarkFromEvent(b *testing.B) {
	for _, c := range []struct {
		name     string
		event    event.Type
		sections string
	}{
		{"spot 4.4", contract.TradeRegistered, spotSections},
		{"swap by legs 5.0", contract.TradeRegistered, swapSections},
	} {
		b.Run(c.name, func(b *testing.B) {
			s, e := decided(b, c.name, c.event, c.sections)
			benchmarkAnswer(b, s, e)
		})
	}
}

func benchmarkAnswer(b *testing.B, s Session, e event.Event) {
	d := New(Settings{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.FromEvent(s, e); err != nil {
			b.Fatal(err)
		}
	}
}
