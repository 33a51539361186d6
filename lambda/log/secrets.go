package log

import (
	"bytes"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
)

// masked stands in an entry where a secret was.
const masked = "***"

// secretWords are words in the names of secrets. An attribute whose key has one of them shows no value, whatever its type.
var secretWords = []string{
	"password", "passwd", "secret", "token", "authorization", "credential", "apikey", "api_key", "private_key", "one_time_code", "cookie",
}

// isSecret tells by an attribute's key whether its value is a secret. Numbers are no secrets: they count tokens, attempts, bytes.
func isSecret(a slog.Attr) bool {
	switch a.Value.Kind() {
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindBool, slog.KindDuration, slog.KindTime, slog.KindGroup:
		return false
	default:
	}
	key := strings.ToLower(a.Key)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(key, word) })
}

// shape is a form by which a secret is recognised within a text, as the text stands in a JSON string.
type shape struct {
	signs   []string // at least one of them is there, in lower case, wherever the form is: spares the expression
	form    *regexp.Regexp
	instead string
}

// shapes are tried in this order.
var shapes = []shape{
	// Password (554), NewPassword (925), EncryptedPassword and its like (1401 to 1404), RawData (96) of a FIX message, to the end of the
	// text: a password may hold the separator. The separator is SOH, as JSON or Go quote it, or what a person has put in its place.
	{
		[]string{"554=", "925=", "1401=", "1402=", "1403=", "1404=", "96="},
		regexp.MustCompile(`(\\u0001|\\x01|\^A|(?:^|[^0-9A-Za-z]))(554|925|140[1-4]|96)=(?:[^"\\]|\\.)*`), "$1$2=" + masked,
	},
	// The login of SoupBinTCP (section 2.3.1): user (6), password (10), session (10), number (20), each filled with spaces.
	{
		[]string{"          "},
		regexp.MustCompile(`([A-Za-z0-9][A-Za-z0-9 ]{5})[A-Za-z0-9][A-Za-z0-9 ]{9}([A-Za-z0-9 ]{10} {8,19}[0-9]{1,12})`), "${1}" + masked + "${2}",
	},
	{[]string{"private key-----"}, regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^"\\]|\\.)*`), masked},
	{[]string{"bearer", "basic"}, regexp.MustCompile(`(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}`), "$1 " + masked},
	{[]string{"fxt_"}, regexp.MustCompile(`fxt_[A-Za-z0-9_-]+`), "fxt_" + masked}, // our own tokens
	{[]string{"eyj"}, regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`), masked},
	{[]string{"://"}, regexp.MustCompile(`(://[^:/@\s"]*:)[^@\s"/]+@`), "${1}" + masked + "@"}, // the password in a URL
	{
		secretWords,
		regexp.MustCompile(`(?i)((?:password|passwd|secret|token|authorization|credential|api_?key|private_key|one_time_code|cookie)[\\"']*\s?[:=]\s?[\\"']*)` +
			`[^\s"'\\,;&*{}\[\]]+`), "${1}" + masked,
	},
}

// masking writes lines without the secrets that can be recognised by their form. It stands before everything that a line reaches.
type masking struct{ w io.Writer }

func (m masking) Write(entry []byte) (int, error) {
	if _, err := m.w.Write(mask(entry)); err != nil {
		return 0, err
	}
	return len(entry), nil
}

// mask returns the line itself where nothing looks like a secret.
func mask(entry []byte) []byte {
	low := bytes.ToLower(entry)
	for _, s := range shapes {
		if slices.ContainsFunc(s.signs, func(sign string) bool { return bytes.Contains(low, []byte(sign)) }) {
			entry = s.form.ReplaceAll(entry, []byte(s.instead))
		}
	}
	return entry
}
