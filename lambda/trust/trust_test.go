package trust_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/trust"
	"fxcore/lambda/trust/authority"
)

const bound = time.Minute

// party is an authority with a folder: ca.crt, and a certificate NAME.pem for each component.
type party struct {
	t      *testing.T
	folder string
	signs  *authority.Authority
}

func newParty(t *testing.T) *party {
	t.Helper()
	p := &party{t: t, folder: t.TempDir(), signs: newAuthority(t)}
	p.write("ca.crt", p.signs.PEM())
	return p
}

func newAuthority(t *testing.T) *authority.Authority {
	t.Helper()
	a, err := authority.New("test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (p *party) write(name string, content []byte) {
	p.t.Helper()
	path := filepath.Join(p.folder, name)
	if err := os.WriteFile(path+".part", content, 0o600); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		p.t.Fatal(err)
	}
}

// give issues a certificate as of a time.
func (p *party) give(a *authority.Authority, s authority.Subject, at time.Time) {
	p.t.Helper()
	text, err := a.Issue(s, at)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(s.Name+".pem", text)
}

func (p *party) open(own string) *trust.Trust {
	p.t.Helper()
	cfg := trust.Config{CAFile: filepath.Join(p.folder, "ca.crt")}
	if own != "" {
		cfg.CertificateFile = filepath.Join(p.folder, own+".pem")
	}
	opened, err := trust.Open(cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	return opened
}

// listen echoes what comes, until the test ends.
func (p *party) listen(config *tls.Config) string {
	p.t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { defer func() { _ = conn.Close() }(); _, _ = io.Copy(conn, conn) }()
		}
	}()
	return listener.Addr().String()
}

// talk sends a word to a server, and returns nil if it comes back.
func talk(ctx context.Context, address string, config *tls.Config) error {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(bound))
	word := []byte("word")
	if _, err := conn.Write(word); err != nil {
		return err
	}
	_, err = io.ReadFull(conn, word) // with TLS 1.3 a client learns here that its certificate was refused
	return err
}

var store = authority.Subject{Name: "store", Hosts: []string{"store.test", "127.0.0.1"}}

func TestAServerIsKnownByItsNameAndItsAuthority(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	now := time.Now()
	for what, test := range map[string]struct {
		by   *authority.Authority
		as   authority.Subject
		at   time.Time
		name string
		good bool
	}{
		"its address":          {p.signs, store, now, "127.0.0.1", true},
		"its name":             {p.signs, store, now, "store.test", true},
		"another name":         {p.signs, store, now, "cache.test", false},
		"no name":              {p.signs, store, now, "", false},
		"another component's":  {p.signs, authority.Subject{Name: "store", Hosts: []string{"reader.test"}, Calls: true}, now, "127.0.0.1", false},
		"of another authority": {newAuthority(t), store, now, "127.0.0.1", false},
		"expired":              {p.signs, store, now.Add(-25 * time.Hour), "127.0.0.1", false},
		"not valid yet":        {p.signs, store, now.Add(2 * time.Hour), "127.0.0.1", false},
	} {
		p.give(test.by, test.as, test.at)
		address := p.listen(p.open("store").Server())
		if err := talk(t.Context(), address, p.open("").Dialing(test.name)); (err == nil) != test.good {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAClientIsKnownByItsNameAndItsAuthority(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	p.give(p.signs, store, time.Now())
	address := p.listen(p.open("store").Server("reader", "writer"))
	reader := authority.Subject{Name: "reader", Calls: true}
	for what, test := range map[string]struct {
		by   *authority.Authority
		as   authority.Subject
		at   time.Time
		good bool
	}{
		"one of those":         {p.signs, reader, time.Now(), true},
		"another":              {p.signs, authority.Subject{Name: "guest", Calls: true}, time.Now(), false},
		"a server's":           {p.signs, authority.Subject{Name: "reader"}, time.Now(), false},
		"of another authority": {newAuthority(t), reader, time.Now(), false},
		"expired":              {p.signs, reader, time.Now().Add(-25 * time.Hour), false},
	} {
		p.give(test.by, test.as, test.at)
		if err := talk(t.Context(), address, p.open(test.as.Name).Dialing("127.0.0.1")); (err == nil) != test.good {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := talk(t.Context(), address, p.open("").Dialing("127.0.0.1")); err == nil {
		t.Error("a client without a certificate is let in")
	}
}

func TestPlainTextAndOldTLSAreRefused(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	p.give(p.signs, store, time.Now())
	address := p.listen(p.open("store").Server())
	old := p.open("").Dialing("127.0.0.1")
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if err := talk(t.Context(), address, old); err == nil {
		t.Error("TLS 1.2 is let in")
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(bound))
	if _, err := io.WriteString(conn, "word, and more than a TLS header\n"); err != nil {
		t.Fatal(err)
	}
	if answer, _ := io.ReadAll(conn); bytes.Contains(answer, []byte("word")) {
		t.Errorf("plain text is answered: %q", answer)
	}
}

// All that a program holds is replaced while it runs: its certificate, and the authority.
func TestFilesThatChangeCountAtTheNextConnection(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	p.give(p.signs, store, time.Now())
	p.give(p.signs, authority.Subject{Name: "reader", Calls: true}, time.Now())
	address := p.listen(p.open("store").Server("reader"))
	client := p.open("reader").Dialing("127.0.0.1")
	resuming := p.open("reader").Dialing("127.0.0.1")
	resuming.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	open, err := tls.Dial("tcp", address, client)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = open.Close() }()
	for range 2 {
		if err := talk(t.Context(), address, resuming); err != nil {
			t.Fatal(err)
		}
	}

	p.write("store.pem", []byte("half a file"))
	if err := talk(t.Context(), address, client); err != nil {
		t.Errorf("with a file that is no certificate, the one before does not count: %v", err)
	}
	other := newAuthority(t)
	p.give(other, store, time.Now())
	if err := talk(t.Context(), address, client); err == nil {
		t.Error("a new certificate does not count")
	}
	p.write("ca.crt", append(p.signs.PEM(), other.PEM()...))
	if err := talk(t.Context(), address, client); err != nil {
		t.Errorf("beside a second authority: %v", err)
	}
	p.write("ca.crt", other.PEM())
	for what, c := range map[string]*tls.Config{"": client, " for a session that is resumed": resuming} {
		if err := talk(t.Context(), address, c); err == nil {
			t.Errorf("an authority that is gone still counts%s", what)
		}
	}
	p.give(other, authority.Subject{Name: "reader", Calls: true}, time.Now())
	if err := talk(t.Context(), address, client); err != nil {
		t.Errorf("with all new: %v", err)
	}
	if _, err := io.WriteString(open, "word"); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadFull(open, make([]byte, 4)); err != nil {
		t.Errorf("a connection from before: %v", err)
	}
}

func TestOpenNamesTheSettingThatIsWrong(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	p.write("empty", nil)
	ca := filepath.Join(p.folder, "ca.crt")
	for want, cfg := range map[string]trust.Config{
		"TLS_CA_FILE is not set": {},
		"TLS_CA_FILE: ":          {CAFile: filepath.Join(p.folder, "empty")},
		"TLS_CERTIFICATE_FILE: ": {CAFile: ca, CertificateFile: ca},
	} {
		if _, err := trust.Open(cfg); err == nil || !bytes.HasPrefix([]byte(err.Error()), []byte(want)) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
