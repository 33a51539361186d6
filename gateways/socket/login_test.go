package main

import (
	"strings"
	"testing"

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
