package front

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
)

// identity identifies a session, with the values of the provider's messages: BeginString(8), SenderCompID(49),
// TargetCompID(56).
type identity struct{ beginString, sender, target string }

// refusedText does not depend on the fault, so that a stranger does not learn which part was right.
const refusedText = "logon refused: unknown session, user or password"

// recognise finds the session and checks the credentials. If they are wrong, it returns a refusal for the engine: the engine
// answers with the next number of the session. If there is no such session, recognise sends the same answer itself, with
// number 1.
func (v *visitor) recognise(ctx context.Context) (s *Seat, refusal string, err error) {
	f := v.front
	id, user, password := readIdentity(v.logon)
	s, known := f.Seat(id)
	var p provider.Provider
	var who *credential.Known
	if known {
		p = s.Provider()
		if err := p.Admits(v.Caller.Address, v.Caller.Certificate); err != nil {
			return nil, "", err
		}
		who = p.Known()
	}
	right, err := f.Credentials.Check(ctx, v.Guest, who, user, password)
	switch {
	case err != nil:
		return nil, "", err
	case right:
		return s, closed(p, f.now()), nil
	}
	f.counts.Refused(1)
	logons{f}.Refuse(v.Visitor, fmt.Errorf("%s, for %s to %s over %s", refusedText, door.Printable(id.sender), door.Printable(id.target), door.Printable(id.beginString)))
	if !known && !id.spoken() {
		return nil, "", errors.New("no such session, and a version that is not spoken here")
	}
	if !known {
		_ = v.Caller.Conn.SetWriteDeadline(time.Now().Add(f.cfg.WriteTimeout))
		_, _ = v.Caller.Conn.Write(logout(id, refusedText)) // the visitor may have disconnected
		door.Linger(v.Caller.Conn)
		return nil, "", errors.New("no such session")
	}
	return s, refusedText, nil
}

// stand returns the logon that the engine gets instead of a refused one, so that no data of a stranger reaches the engine, and
// none that the engine cannot read.
func stand(p provider.Provider) []byte {
	body := wire.AppendField(nil, 35, "A")
	body = wire.AppendField(body, 34, "1")
	body = wire.AppendField(body, 49, p.CompID)
	body = wire.AppendField(body, 52, time.Now().UTC().Format(sendingTime))
	body = wire.AppendField(body, 56, p.OurCompID)
	body = append(body, "98=0\x01108=30\x01553=-\x01554=-\x01"...)
	if p.DefaultApplVerID != "" {
		body = wire.AppendField(body, 1137, p.DefaultApplVerID)
	}
	return wire.Build(p.BeginString, body)
}

// closed returns why the session is closed by its schedule now; empty while it is open.
func closed(p provider.Provider, now time.Time) string {
	if _, open := p.Schedule.Open(now); open || p.Schedule.Always() {
		return ""
	}
	next, _ := p.Schedule.Next(now)
	return "logon refused: the session is closed, and opens " + next.Start.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

const sendingTime = "20060102-15:04:05.000"

// readIdentity reads who a logon says that it is from, also if other fields cannot be read.
func readIdentity(logon []byte) (id identity, user, password string) {
	for field := range bytes.SplitSeq(logon, []byte{1}) {
		tag, value, _ := bytes.Cut(field, []byte{'='})
		switch string(tag) {
		case "8":
			id.beginString = string(value)
		case "49":
			id.sender = string(value)
		case "56":
			id.target = string(value)
		case "553":
			user = string(value)
		case "554":
			password = string(value)
		}
	}
	return id, user, password
}

// spoken reports whether the version is one that is spoken here.
func (id identity) spoken() bool {
	return id.beginString == provider.FIX44 || id.beginString == provider.FIXT11
}

// logout returns the answer to a logon for a session that does not exist.
func logout(to identity, text string) []byte {
	body := wire.AppendField(nil, 35, "5")
	body = wire.AppendField(body, 34, "1")
	body = wire.AppendField(body, 49, to.target)
	body = wire.AppendField(body, 52, time.Now().UTC().Format(sendingTime))
	body = wire.AppendField(body, 56, to.sender)
	return wire.Build(to.beginString, wire.AppendField(body, 58, text))
}
