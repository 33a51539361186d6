package failed

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// Masked stands for a secret in what is shown. The stored message has the secret, because a replay needs it.
const Masked = "[masked]"

// secretNames are parts of the names of fields that hold secrets.
var secretNames = []string{"password", "passwd", "secret", "sealed", "authorization", "id_token", "login_secret", "totp", "one_time_code", "private_key", "api_key"}

// secretTexts are secrets by their form: tokens of the core, bearer tokens, passwords of FIX logons (554, 925), and of URLs.
var secretTexts = regexp.MustCompile(`fxt_[A-Za-z0-9_-]{20,}|(?i:bearer\s+)[A-Za-z0-9._~+/-]{8,}=*|\b(?:554|925)=[^\x01|]*|://[^/\s:@]+:[^/\s@]+@`)

// MaskText returns a text with its secrets masked.
func MaskText(text string) string { return secretTexts.ReplaceAllString(text, Masked) }

// Mask returns a message's body as on-call sees it, with secrets masked: JSON with its fields in order, any other text as it is.
func Mask(body []byte) string {
	var out bytes.Buffer
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := maskValue(d, &out, false); err != nil || d.More() {
		return MaskText(string(body))
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, out.Bytes(), "", "  "); err != nil {
		return MaskText(string(body))
	}
	return pretty.String()
}

func isSecret(name string) bool {
	name = strings.ToLower(name)
	for _, part := range secretNames {
		if strings.Contains(name, part) {
			return true
		}
	}
	return name == "token"
}

// maskValue copies one value. secret says that all texts and numbers in it are secrets.
func maskValue(d *json.Decoder, out *bytes.Buffer, secret bool) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch v := t.(type) {
	case json.Delim:
		return maskInside(d, out, v, secret)
	case string:
		if v = MaskText(v); secret && v != "" {
			v = Masked
		}
		return write(out, v)
	default:
		if secret && v != nil {
			return write(out, Masked)
		}
		return write(out, v)
	}
}

func maskInside(d *json.Decoder, out *bytes.Buffer, open json.Delim, secret bool) error {
	out.WriteString(open.String())
	for first := true; d.More(); first = false {
		if !first {
			out.WriteByte(',')
		}
		inner := secret
		if open == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			text, _ := name.(string)
			inner = secret || isSecret(text)
			if err := write(out, text); err != nil {
				return err
			}
			out.WriteByte(':')
		}
		if err := maskValue(d, out, inner); err != nil {
			return err
		}
	}
	end, err := d.Token()
	if err != nil {
		return err
	}
	closing, _ := end.(json.Delim)
	out.WriteString(closing.String())
	return nil
}

func write(out *bytes.Buffer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
