package front

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
)

// identity identifies a session, with the values of the provider's messages: BeginString(8), SenderCompID(49),
// TargetCompID(56).
type identity struct{ beginString, sender, target string }

// refusedText does not depend on the fault, so that a stranger does not learn which part was right.
const refusedText = "logon refused: unknown session, user or password"

// recognise finds the session and checks the login. Whatever is wrong, the front answers by itself and the same: a Logout with number
// 1. So a stranger reaches no engine, moves no number, and does not learn whether the session exists or is logged on. refusal is why
// the engine must refuse a logon that was right.
func (v *visitor) recognise(ctx context.Context) (s *Seat, refusal string, err error) {
	f := v.front
	id, user, password := readIdentity(v.logon)
	s, known := f.Seat(id)
	var account door.Account
	if known {
		account = s.Provider()
	}
	v.proof, err = f.Prove(ctx, v.Visitor, id.sender, account, user, password)
	if errors.Is(err, door.ErrRefused) {
		f.counts.Refused(1)
		v.turnAway(id)
		return nil, "", fmt.Errorf("logon refused, for %s to %s over %s: %w",
			door.Printable(id.sender), door.Printable(id.target), door.Printable(id.beginString), err)
	}
	if err != nil {
		return nil, "", err
	}
	v.seat = s
	return s, closed(s.Provider(), f.now()), nil
}

// turnAway answers a logon that was wrong. In a version that is not spoken here there is no answer.
func (v *visitor) turnAway(id identity) {
	if !id.spoken() {
		return
	}
	_ = door.Write(v.Caller.Conn, logout(id, refusedText), v.front.cfg.WriteTimeout) // the visitor may have disconnected
	door.Linger(v.Caller.Conn)
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

// logout returns the answer to a logon that was wrong.
func logout(to identity, text string) []byte {
	body := wire.AppendField(nil, 35, "5")
	body = wire.AppendField(body, 34, "1")
	body = wire.AppendField(body, 49, to.target)
	body = wire.AppendField(body, 52, time.Now().UTC().Format(sendingTime))
	body = wire.AppendField(body, 56, to.sender)
	return wire.Build(to.beginString, wire.AppendField(body, 58, text))
}
