package main

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/socket/internal/soup"
)

// The code says which half of a login was wrong, but only to a provider whose credentials were right.
func TestAMalformedSessionIsNotAvailable(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	const number = "                   1"
	for name, test := range map[string]struct {
		payload string
		want    soup.Reason
	}{
		"name on the wrong side":               {"alpha secret    S1        " + number, soup.SessionNotAvailable},
		"name that is no word":                 {"alpha secret           S-1" + number, soup.SessionNotAvailable},
		"number that is no number":             {"alpha secret            S1" + strings.Repeat(" ", 19) + "x", soup.SessionNotAvailable},
		"number too large":                     {"alpha secret            S1" + "18446744073709551616", soup.SessionNotAvailable},
		"wrong password and a malformed name":  {"alpha Secret    S1        " + number, soup.NotAuthorised},
		"unknown user and a malformed name":    {"nobodysecret    S1        " + number, soup.NotAuthorised},
		"malformed user and a malformed name":  {" alphasecret    S1        " + number, soup.NotAuthorised},
		"another address and a malformed name": {"far   secret    S1        " + number, soup.NotAuthorised},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, g.Address)
			packet, err := soup.Append(nil, soup.TypeLoginRequest, []byte(test.payload))
			if err != nil {
				t.Fatal(err)
			}
			c.write(packet)
			c.expectRejected(test.want)
		})
	}
}

// Guessing is slow, and there is an alarm. It locks out nobody who comes from elsewhere, and all answers are the same.
func TestGuessingIsHeldBackAndTold(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	for i := range 60 {
		user := []string{"delta", "nobody", "far", "echo", "none"}[i%5]
		conn, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 7)}, Timeout: 30 * time.Second}).Dial("tcp", g.Address) //nolint:noctx // bounded
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
		packet, err := soup.Login{Username: user, Password: "guess"}.Append(nil)
		if err == nil {
			_, err = conn.Write(packet)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(conn); err != nil || string(got) != "\x00\x02JA" {
			t.Fatalf("guess %d, of %s: %q, %v", i, user, got, err)
		}
		_ = conn.Close()
	}
	status, err := g.Status()
	if n, says := status.Counters["front.passwords_not_checked"], status.Warnings["passwords"]; err != nil || n < 30 || !strings.Contains(says, "wrong logins") {
		t.Errorf("%d passwords were not looked at, the warning is %q, %v", n, says, err)
	}
	login(t, g.Address, "delta", "", 1)
}
