package message_test

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/socket/message"
)

// encode writes a message of either side.
func encode(t testing.TB, m message.Message) []byte {
	t.Helper()
	b, err := appendAny(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func appendAny(m message.Message) ([]byte, error) {
	if r, ok := m.(message.Request); ok {
		return message.AppendRequest(nil, r)
	}
	return message.AppendAnswer(nil, m.(message.Answer))
}

// decode reads a message of the same side as m.
func decode(payload []byte, m message.Message) (message.Message, error) {
	if _, ok := m.(message.Request); ok {
		return message.ParseRequest(payload)
	}
	return message.ParseAnswer(payload)
}

// The vectors are the contract. UPDATE_SAMPLES=1 writes them anew. A difference in them is a new version of the protocol.
func TestVectors(t *testing.T) {
	for name, m := range samples() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name+".hex")
			if os.Getenv("UPDATE_SAMPLES") != "" {
				if err := os.WriteFile(path, []byte(dump(encode(t, m))), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			payload := vector(t, path)
			if diff := cmp.Diff(dump(payload), dump(encode(t, m))); diff != "" {
				t.Errorf("-vector +written\n%s", diff)
			}
			got, err := decode(payload, m)
			if diff := cmp.Diff(m, got); diff != "" || err != nil {
				t.Errorf("%v\n-sample +read\n%s", err, diff)
			}
		})
	}
}

func TestEveryVectorHasItsSample(t *testing.T) {
	files, err := filepath.Glob("testdata/*.hex")
	if err != nil || len(files) != len(samples()) {
		t.Errorf("%d vectors for %d samples, %v", len(files), len(samples()), err)
	}
}

func vector(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// dump writes bytes as hex, 32 a line.
func dump(payload []byte) string {
	var b strings.Builder
	for i := 0; i < len(payload); i += 32 {
		b.WriteString(hex.EncodeToString(payload[i:min(i+32, len(payload))]) + "\n")
	}
	return b.String()
}

// What a side of version 1.0 wrote is read as it was meant: what came later is absent.
func TestMessagesOfVersion10AreRead(t *testing.T) { readOlder(t, "1.0", later) }

// The same holds for 1.1. Its messages are those of 1.2, but for the trade of a consumption.
func TestMessagesOfVersion11AreRead(t *testing.T) {
	readOlder(t, "1.1", func(p cmp.Path) bool { return p.String() == "RefVersion" })
}

// readOlder reads the vectors of an older version. It compares them with the samples, without what later selects.
func readOlder(t *testing.T, version string, later func(cmp.Path) bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", version, "*.hex"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors of %s: %v", version, err)
	}
	all := samples()
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".hex")
		m, known := all[name]
		if !known {
			t.Errorf("%s has no sample", path)
			continue
		}
		got, err := decode(vector(t, path), m)
		if diff := cmp.Diff(m, got, cmp.FilterPath(later, cmp.Ignore())); diff != "" || err != nil {
			t.Errorf("%s: %v\n-sample +read\n%s", name, err, diff)
		}
	}
}

// later selects what an answer tells since 1.1, and the version of a message that was refused.
func later(p cmp.Path) bool {
	return p.String() == "RefVersion" || strings.HasSuffix(p.String(), "Amount") && p.String() != "ApprovedAmount" && !strings.Contains(p.String(), "Legs")
}
