package wire

import "strings"

// secrets are the fields that no log may show: Password and NewPassword, and RawData, which some venues misuse as one.
var secrets = []string{"554=", "925=", "96="}

// Masked cuts a text that may quote a message before the first password in it.
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
