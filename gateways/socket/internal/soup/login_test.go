package soup_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fxcore/gateways/socket/internal/soup"
)

func TestALoginIsWrittenAsTheSpecificationSays(t *testing.T) {
	got, err := soup.Login{Username: "alpha", Password: "tunafish", Session: "S1", Next: 42}.Append(nil)
	want := "\x00\x2fL" + "alpha " + "tunafish  " + "        S1" + "                  42"
	if err != nil || string(got) != want {
		t.Errorf("%v\n got %q\nwant %q", err, got, want)
	}
	got, err = soup.Acceptance{Session: "S1", Next: 1}.Append(nil)
	want = "\x00\x1fA" + "        S1" + "                   1"
	if err != nil || string(got) != want {
		t.Errorf("%v\n got %q\nwant %q", err, got, want)
	}
}

func TestLoginFieldsAreChecked(t *testing.T) {
	const number = "                   1"
	for name, payload := range map[string]string{
		"short":                      "alpha tunafish  ",
		"long":                       "alpha tunafish            S1" + number + " ",
		"no username":                "      tunafish            S1" + number,
		"no password":                "alpha                     S1" + number,
		"username to the right":      " alphatunafish            S1" + number,
		"blank within":               "al ph tunafish            S1" + number,
		"zero bytes as blanks":       "alpha\x00tunafish            S1" + number,
		"session to the left":        "alpha tunafish  S1        " + number,
		"no number":                  "alpha tunafish            S1" + strings.Repeat(" ", 20),
		"number to the left":         "alpha tunafish            S1" + "1                   ",
		"number with a sign":         "alpha tunafish            S1" + "                  +1",
		"number above 2^64":          "alpha tunafish            S1" + "18446744073709551616",
		"number with an underscore":  "alpha tunafish            S1" + "                 1_0",
		"password that is not ASCII": "alpha t\xfcnafish          S1" + number,
	} {
		t.Run(name, func(t *testing.T) {
			l, err := soup.ParseLogin([]byte(payload))
			if !errors.Is(err, soup.ErrField) || l.Session != "" || l.Next != 0 {
				t.Errorf("read as %v, %v", l, err)
			}
			if known := l.Username != ""; known != errors.Is(err, soup.ErrSession) || known != (l.Password != "") {
				t.Errorf("read as %v, %v", l, err)
			}
			if err != nil && strings.Contains(err.Error(), "nafish") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestWhatDoesNotFitIsNotWritten(t *testing.T) {
	for _, l := range []soup.Login{
		{Password: "x"},
		{Username: "x"},
		{Username: "sevenup", Password: "x"},
		{Username: "x", Password: "elevenchars"},
		{Username: "x", Password: "y", Session: "elevenchars"},
		{Username: "x", Password: "a b"},
	} {
		if b, err := l.Append(nil); !errors.Is(err, soup.ErrField) || b != nil {
			t.Errorf("%v: %q %v", l, b, err)
		}
	}
	if _, err := (soup.Acceptance{}).Append(nil); !errors.Is(err, soup.ErrField) {
		t.Errorf("an acceptance without a session: %v", err)
	}
}

func TestNobodySeesThePassword(t *testing.T) {
	l := soup.Login{Username: "alpha", Password: "tunafish"}
	encoded, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(l), fmt.Sprintf("%+v %#v %s", l, l, &l), string(encoded)} {
		if strings.Contains(shown, "tuna") {
			t.Errorf("shown: %s", shown)
		}
	}
}

func TestReasons(t *testing.T) {
	for _, reason := range []soup.Reason{soup.NotAuthorised, soup.SessionNotAvailable} {
		b, err := reason.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := soup.ParseReason(b[3:]); err != nil || got != reason {
			t.Errorf("%v: %v %v", reason, got, err)
		}
	}
	for _, bad := range []string{"", "X", "AA"} {
		if _, err := soup.ParseReason([]byte(bad)); !errors.Is(err, soup.ErrField) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestLoginsReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(shortest, longest int) string {
			return rapid.StringMatching(fmt.Sprintf("[A-Za-z0-9]{%d,%d}", shortest, longest)).Draw(t, "text")
		}
		login := soup.Login{Username: text(1, 6), Password: text(1, 10), Session: text(0, 10), Next: rapid.Uint64().Draw(t, "next")}
		b, err := login.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := soup.ParseLogin(b[3:]); err != nil || got != login {
			t.Fatalf("%v %v", got, err)
		}
		accepted := soup.Acceptance{Session: text(1, 10), Next: login.Next}
		if b, err = accepted.Append(nil); err != nil {
			t.Fatal(err)
		}
		if got, err := soup.ParseAcceptance(b[3:]); err != nil || got != accepted {
			t.Fatalf("%v %v", got, err)
		}
	})
}

// What reads as a login is written as the same login.
func FuzzLogin(f *testing.F) {
	f.Add([]byte("alpha tunafish          S1                   1"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		login, err := soup.ParseLogin(payload)
		if err != nil {
			return
		}
		b, err := login.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := soup.ParseLogin(b[3:]); err != nil || again != login {
			t.Fatalf("%v, then %v %v", login, again, err)
		}
	})
}

func FuzzAcceptance(f *testing.F) {
	f.Add([]byte("        S1                   1"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		accepted, err := soup.ParseAcceptance(payload)
		if err != nil {
			return
		}
		if _, err := accepted.Append(nil); err != nil {
			t.Fatal(err)
		}
	})
}
