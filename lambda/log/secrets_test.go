package log_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"fxcore/lambda/log"
)

// Each of these holds the word tuna where a secret stands.
func secretAttributes() []slog.Attr {
	login := fmt.Sprintf("%-6s%-10s%10s%20s", "alpha", "tunafish", "SESSION1", "17")
	texts := []string{
		"8=FIX.4.4\x0135=A\x01553=alpha\x01554=tunafish\x01108=30\x01",
		"8=FIX.4.4|35=A|925=tunafish|",
		"8=FIX.4.4^A35=A^A96=tunafish^A",
		fmt.Sprintf("%q", "35=A\x011402=tunafish\x01"),
		fmt.Sprintf("refused: %q", "35=A\x01554=a\x01tunafish\x01"), // a password may hold the separator
		"login packet " + login,
		fmt.Sprintf("%q", login),
		"dial amqp://guest:tunafish@127.0.0.1:5672/: refused",
		"cannot connect to postgres://auth:tuna%20fish@db/fx",
		"redis://:tunafish@cache:6379/0",
		"Authorization: Bearer tunafish.0123456789",
		"authorization=Basic dHVuYWZpc2g6dHVuYQ==tuna",
		`{"grant":"password","user":"ann","secret":"tunafish"}`,
		`{"password": "tunafish", "user": "ann"}`,
		"password=tunafish&user=ann",
		"token: tunafish",
		"fxt_tunafish-0123456789_abc",
		"eyJhbGciOiJ.eyJzdWIiOiJ0dW5h.tunafish",
		"-----BEGIN RSA PRIVATE KEY-----\ntunafish\n-----END RSA PRIVATE KEY-----",
	}
	var attrs []slog.Attr
	for _, text := range texts {
		attrs = append(attrs, slog.String("labels.text", text), slog.Any("error", errors.New(text)), slog.Group("http", "body", text))
	}
	for _, key := range []string{"password", "user.password", "labels.secret", "client_secret", "Token", "http.request.authorization", "set-cookie"} {
		attrs = append(attrs, slog.String(key, "tuna fish, \"and\" chips"), slog.Group("labels", key, "tuna fish"),
			slog.Any(key, []byte("tuna")), slog.Any(key, struct{ Fish string }{"tuna"}))
	}
	return append(attrs, slog.Any("labels.settings", struct{ User, Password string }{"ann", "tunafish"}))
}

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	for _, a := range secretAttributes() {
		var out bytes.Buffer
		logger := log.New(&out, "service", "service-1", slog.LevelInfo)
		logger.LogAttrs(t.Context(), slog.LevelInfo, "something happened", a)
		logger.With(a).Info("something happened")
		if text := out.String(); strings.Contains(text, "tuna") || strings.Contains(text, "fish") || !strings.Contains(text, "***") {
			t.Errorf("%v: %s", a, text)
		}
		for line := range bytes.Lines(out.Bytes()) {
			decode(t, line)
		}
	}
}

func TestAMessageWithASecretIsMasked(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log.New(&out, "service", "service-1", slog.LevelInfo).Info("the password is password=tunafish")
	if text := out.String(); strings.Contains(text, "tuna") {
		t.Error(text)
	}
}

func TestWhatIsNoSecretStays(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"old tokens and attempts are still there, trying again", "35=D|11=S-1|55=EUR/USD|1554=x|", "https://host:8443/v1/tokens",
		"a token cannot be looked up", "Line check", "basic rules", "trade TR-1 of client C000900 at 12:00",
	} {
		var out bytes.Buffer
		log.New(&out, "service", "service-1", slog.LevelInfo).Info("m", "labels.text", text, "labels.tokens", 3)
		entry := decode(t, out.Bytes())
		if entry["labels.text"] != text || entry["labels.tokens"] != 3.0 {
			t.Errorf("%q became %v", text, entry)
		}
	}
}
