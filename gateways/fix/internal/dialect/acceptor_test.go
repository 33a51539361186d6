package dialect

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/config"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/lambda/testkit"
)

// patience bounds every wait in a test.
const patience = time.Minute

// acceptor is the real engine with our dictionaries and the dialect behind it.
type acceptor struct {
	session Session
	now     time.Time
	dialect *Dialect
	taken   chan string
}

func (a *acceptor) OnCreate(quickfix.SessionID)                       {}
func (a *acceptor) OnLogon(quickfix.SessionID)                        {}
func (a *acceptor) OnLogout(quickfix.SessionID)                       {}
func (a *acceptor) ToAdmin(*quickfix.Message, quickfix.SessionID)     {}
func (a *acceptor) ToApp(*quickfix.Message, quickfix.SessionID) error { return nil }
func (a *acceptor) FromAdmin(*quickfix.Message, quickfix.SessionID) quickfix.MessageRejectError {
	return nil
}

func (a *acceptor) FromApp(m *quickfix.Message, _ quickfix.SessionID) quickfix.MessageRejectError {
	in, reject := a.dialect.ToEvent(a.session, always("id"), a.now, m)
	if reject == nil {
		a.taken <- in.Event.Type.Name
	}
	return reject
}

// startAcceptor starts the engine for one session and returns the app and its address.
func startAcceptor(t *testing.T, s Session) (*acceptor, string) {
	t.Helper()
	app := &acceptor{session: s, now: time.Now(), dialect: New(Settings{}), taken: make(chan string, 1)}
	return app, startEngine(t, app, s)
}

// startEngine starts the engine for these sessions and returns its address.
func startEngine(t *testing.T, app quickfix.Application, sessions ...Session) (address string) {
	t.Helper()
	paths, err := WriteDictionaries(t.TempDir(), variation.Variation{})
	if err != nil {
		t.Fatal(err)
	}
	address = testkit.Address(t)
	_, port, _ := net.SplitHostPort(address)
	settings := quickfix.NewSettings()
	settings.GlobalSettings().Set(config.SocketAcceptHost, "127.0.0.1")
	settings.GlobalSettings().Set(config.SocketAcceptPort, port)
	for _, s := range sessions {
		if _, err := settings.AddSession(sessionSettings(s, paths)); err != nil {
			t.Fatal(err)
		}
	}
	engine, err := quickfix.NewAcceptor(app, quickfix.NewMemoryStoreFactory(), settings, quickfix.NewNullLogFactory())
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Stop)
	return address
}

// sessionSettings are those of one provider's session.
func sessionSettings(s Session, paths map[string]string) *quickfix.SessionSettings {
	one := quickfix.NewSessionSettings()
	one.Set(config.BeginString, s.BeginString)
	one.Set(config.SenderCompID, "FXCORE")
	one.Set(config.TargetCompID, s.Provider)
	if s.fix44() {
		one.Set(config.DataDictionary, paths[FIX44])
	} else {
		one.Set(config.DefaultApplVerID, s.DefaultApplVerID)
		one.Set(config.TransportDataDictionary, paths[FIXT11])
		one.Set(config.AppDataDictionary, paths[FIX50SP2])
	}
	return one
}

// client is a provider's end that can say anything.
type client struct {
	t       *testing.T
	session Session
	conn    net.Conn
	seq     int
	answers chan string
}

func dial(t *testing.T, s Session, address string) *client {
	t.Helper()
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	c := &client{t: t, session: s, conn: conn, answers: make(chan string, 16)}
	go c.read()
	logon := "98=0|108=30|553=user|554=secret|"
	if !s.fix44() {
		logon += "1137=9|"
	}
	c.say("A", logon)
	if got := c.hear(nil); got != "A" {
		t.Fatalf("logon answered by %q", got)
	}
	return c
}

func (c *client) say(msgType, body string) {
	c.t.Helper()
	c.seq++
	if _, err := c.conn.Write(frame(c.session.BeginString, msgType, c.session.Provider, c.seq, time.Now(), body)); err != nil {
		c.t.Fatal(err)
	}
}

// hear returns the next answer, or what the core would get.
func (c *client) hear(taken <-chan string) string {
	c.t.Helper()
	select {
	case a := <-c.answers:
		return a
	case name := <-taken:
		return name
	case <-time.After(patience):
		c.t.Fatal("no answer")
		return ""
	}
}

func (c *client) read() {
	in := bufio.NewReader(c.conn)
	var message bytes.Buffer
	for {
		field, err := in.ReadString(1)
		if err != nil {
			if err != io.EOF {
				c.answers <- err.Error()
			}
			return
		}
		message.WriteString(field)
		if strings.HasPrefix(field, "10=") {
			c.answers <- essence(message.Bytes())
			message.Reset()
		}
	}
}

// essence is the MsgType and what the answer says of a refused message.
func essence(raw []byte) string {
	fs := scan(raw, nil, tagAccount)
	msgType, _ := fs.find(0, 0, tagMsgType)
	out := string(msgType)
	for _, tag := range []quickfix.Tag{371, 372, 373, 379, 380, 58} {
		if v, ok := fs.find(0, 0, tag); ok {
			out += fmt.Sprintf(" %d=%s", tag, v)
		}
	}
	return out
}
