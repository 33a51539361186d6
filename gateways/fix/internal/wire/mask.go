package wire

import "strings"

// secrets are the fields that no log may show: Password, NewPassword, EncryptedPassword and EncryptedNewPassword, each with its
// length, and RawData, which some venues use as a password.
var secrets = []string{"554=", "925=", "1401=", "1402=", "1403=", "1404=", "96="}

// Masked returns a text, which may quote a message, cut before the first password.
func Masked(text string) string {
	cut := len(text)
	for _, tag := range secrets {
		if at := strings.Index(text, tag); at >= 0 {
			cut = min(cut, at)
		}
	}
	if cut == len(text) {
		return text
	}
	return text[:cut] + "(the rest is not shown: it may hold a password)"
}
