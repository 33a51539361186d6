package credential

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/contract/access"
)

var (
	now   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	cheap = Cost{MemoryKiB: 8, Passes: 1}
)

// The vectors of RFC 6238, appendix B, for SHA-1. They have eight digits, of which ours are the last six.
func TestTheCodesOfRFC6238(t *testing.T) {
	t.Parallel()
	secret := totp("12345678901234567890")
	for seconds, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		if got := secret.code(step(time.Unix(seconds, 0))); got != want[2:] {
			t.Errorf("at %d: %s, want %s", seconds, got, want[2:])
		}
	}
}

func TestACodeIsGoodAroundItsTimeAndOnce(t *testing.T) {
	t.Parallel()
	secret := totp("12345678901234567890")
	at := step(now)
	for off, good := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		used, ok := secret.match(secret.code(at+off), now, 0)
		if ok != good || ok && used != at+off {
			t.Errorf("%d steps off: %v, step %d", off, ok, used)
		}
	}
	if _, ok := secret.match(secret.code(at), now, at); ok {
		t.Error("a code was good twice")
	}
	if _, ok := secret.match(secret.code(at-1), now, at); ok {
		t.Error("a code was good after a later one")
	}
}

func TestEachProofIsCheckedAgainstItsKind(t *testing.T) {
	t.Parallel()
	const otp = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // of RFC 6238
	person, kept, err := Person("correct horse", otp, cheap)
	if err != nil || kept != otp {
		t.Fatal(kept, err)
	}
	system, secret, err := System("")
	if err != nil {
		t.Fatal(err)
	}
	code, err := CodeAt(otp, now)
	if err != nil {
		t.Fatal(err)
	}
	right := access.Proof{Password: "correct horse", Code: code}
	for name, c := range map[string]struct {
		keys  Keys
		grant string
		proof access.Proof
		right bool
	}{
		"a person":                       {person, access.Password, right, true},
		"a wrong password":               {person, access.Password, access.Proof{Password: "correct house", Code: code}, false},
		"no code":                        {person, access.Password, access.Proof{Password: "correct horse"}, false},
		"a person by the system's grant": {person, access.ClientCredentials, right, false},
		"another grant":                  {person, "implicit", right, false},
		"nobody":                         {Keys{}, access.Password, right, false},
		"nobody with nothing":            {Keys{}, access.ClientCredentials, access.Proof{}, false},
		"a system":                       {system, access.ClientCredentials, access.Proof{Secret: secret}, true},
		"a wrong secret":                 {system, access.ClientCredentials, access.Proof{Secret: secret + "x"}, false},
		"a system by a person's grant":   {system, access.Password, right, false},
	} {
		if _, got := c.keys.Check(c.grant, c.proof, now, 0); got != c.right {
			t.Errorf("%s: %v, want %v", name, got, c.right)
		}
	}
}

func TestWeakCredentialsAreNotTaken(t *testing.T) {
	t.Parallel()
	if _, _, err := Person("too short", "", cheap); err == nil {
		t.Error("a short password")
	}
	if _, _, err := Person("long enough it is", "GEZDGNBV", cheap); err == nil {
		t.Error("a short secret of codes")
	}
	if _, _, err := System("thought up"); err == nil {
		t.Error("a short secret")
	}
}

// What is sealed and kept is enough to check with.
func TestKeysSurviveTheirJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringN(minPassword, 40, -1).Draw(t, "password")
		k, secret, err := Person(password, "", cheap)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		var again Keys
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		code, err := CodeAt(secret, now)
		if err != nil {
			t.Fatal(err)
		}
		if _, right := again.Check(access.Password, access.Proof{Password: password, Code: code}, now, 0); !right {
			t.Fatalf("%s", text)
		}
	})
}

// Whatever the times of the attempts, there are at most freeFailures and then one for each wait, and no wait is longer than the
// longest.
func TestGuessingIsBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var a Attempts
		at, looked := now, 0
		end := now.Add(24 * time.Hour)
		for at.Before(end) {
			if !a.Blocked(at) {
				looked++
				a = a.Failed(at)
				if wait := a.NotBefore.Sub(at); wait > longestWait || looked >= freeFailures && wait < firstWait {
					t.Fatalf("after %d failures: %s", looked, wait)
				}
			}
			at = at.Add(time.Duration(rapid.Int64Range(1, int64(10*time.Minute)).Draw(t, "pause")))
		}
		if looked > freeFailures+110 {
			t.Fatalf("%d guesses a day", looked)
		}
	})
}
