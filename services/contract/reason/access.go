package reason

// Codes about access by the API. They are in token.refused and in the API's problems. No provider gets them, so All does not list
// them.
const (
	BadCredentials  Code = "bad_credentials"   // no such user, or the password, the one-time code, the secret or the ID token is wrong
	TooManyAttempts Code = "too_many_attempts" // of this user; the text says until when
	WrongAudience   Code = "wrong_audience"    // the token was issued for another program, or auth issues none for this one
	TokenUnknown    Code = "token_unknown"     // never issued, or forgotten since it expired
	TokenExpired    Code = "token_expired"
	TokenRevoked    Code = "token_revoked"
	NoRight         Code = "no_right"     // no role of the user, or not the token's scope, allows the action
	OutOfReach      Code = "out_of_reach" // the right does not reach this client
	OpenIDOff       Code = "openid_off"   // nobody comes by an identity provider here
	OpenIDAway      Code = "openid_away"  // the identity provider's keys are not known: try again
)

// Access returns every code about access.
func Access() []Code {
	return []Code{BadCredentials, TooManyAttempts, WrongAudience, TokenUnknown, TokenExpired, TokenRevoked, NoRight, OutOfReach, OpenIDOff, OpenIDAway}
}
