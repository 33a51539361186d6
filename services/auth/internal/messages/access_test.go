package messages_test

import (
	"strings"
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

func TestTheSamplesOfCommandsAreRead(t *testing.T) {
	folder := "services/auth/internal/messages"
	sample.HasFieldsOf[access.Revoke](t, sample.Of(t, folder, contract.TokenCommanded))
	sample.HasFieldsOf[messages.Credential](t, sample.Of(t, folder, contract.CredentialCommanded))
	if _, err := messages.ReadRevoke(event.Event{Type: contract.TokenCommanded, Data: sample.Of(t, folder, contract.TokenCommanded)}); err != nil {
		t.Error(err)
	}
	if _, err := messages.ReadCredential(event.Event{Type: contract.CredentialCommanded, Data: sample.Of(t, folder, contract.CredentialCommanded)}); err != nil {
		t.Error(err)
	}
}

func TestARequestForATokenWithBadTextIsRefused(t *testing.T) {
	hash := access.HashOf("one")
	for name, data := range map[string]string{
		"no hash":         `{"user":"U1","audience":"api"}`,
		"no user":         `{"token_hash":"` + hash + `","audience":"api"}`,
		"no audience":     `{"token_hash":"` + hash + `","user":"U1"}`,
		"a zero byte":     `{"token_hash":"` + hash + `","user":"U\u0000","audience":"api"}`,
		"a long user":     `{"token_hash":"` + hash + `","user":"` + strings.Repeat("U", 65) + `","audience":"api"}`,
		"an empty action": `{"token_hash":"` + hash + `","user":"U1","audience":"api","scope":[""]}`,
		"a long scope":    `{"token_hash":"` + hash + `","user":"U1","audience":"api","scope":["a"` + strings.Repeat(`,"a"`, 64) + `]}`,
	} {
		if _, err := messages.ReadTokenRequest(event.Event{Type: contract.TokenRequested, Data: []byte(data)}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
