package signin

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// auth's samples are read here as they are.
func TestWhatBecomesOfATokenIsRead(t *testing.T) {
	t.Parallel()
	from := func(typ event.Type) event.Event {
		return event.Event{Type: typ, Data: sample.Of(t, "services/auth/internal/messages", typ)}
	}
	if i, err := readIssued(from(contract.TokenIssued)); err != nil || i.User != "U0001" || i.ExpiresAt.IsZero() || len(i.Scope) == 0 {
		t.Errorf("%+v, %v", i, err)
	}
	if r, err := readRefused(from(contract.TokenRefused)); err != nil || r.Code == "" {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := readRevoked(from(contract.TokenRevoked)); err != nil || r.TokenHash == "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTheSamplesAboutTokensAreWhatIsPublished(t *testing.T) {
	t.Parallel()
	asked, err := askForToken(access.Requested{
		TokenHash: access.HashOf("fxt_1"), Grant: access.Password, User: "U0001", Audience: "api", Sealed: []byte("sealed for auth"),
	}, noon, noon.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	sample.Is(t, "samples", contract.TokenRequested, asked)
	revoked, err := Revocation(access.Revoke{TokenHash: access.HashOf("fxt_1"), By: "U0001", Reason: "logged out"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	sample.Is(t, "samples", contract.TokenCommanded, revoked)
}
