package rest

import (
	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/contract/reason"
)

// The codes of problems that come from here. The core's own are in reasons.
const (
	codeMalformed        = "malformed"
	codeKeyMissing       = "key_missing"
	codeUnauthenticated  = "unauthenticated"
	codeCrossOrigin      = "cross_origin"
	codeNotFound         = "not_found"
	codeMethodNotAllowed = "method_not_allowed"
	codeNotAcceptable    = "not_acceptable"
	codeTooSlow          = "too_slow"
	codeChanged          = "changed"
	codeTooLarge         = "too_large"
	codeUnsupportedType  = "unsupported_media_type"
	codeInvalid          = "invalid" // the content: see errors
	codeKeyReused        = "key_reused"
	codeCursorUnknown    = "cursor_unknown"
	codePositionUnknown  = "position_unknown"
	codeConditionMissing = "if_match_missing"
	codeTooMany          = "too_many_requests"
	codeInternal         = "internal"    // a fault of ours
	codeUnavailable      = "unavailable" // a server of the core is away: try again
	codeOther            = "other"       // what the library finds and has no code
)

// codes returns all codes of problems. Those of trades and line checks that the core refuses are not among them: these are no problems.
func codes() []any {
	all := []any{
		codeMalformed, codeKeyMissing, codeUnauthenticated, codeCrossOrigin, codeNotFound, codeMethodNotAllowed, codeNotAcceptable, codeTooSlow,
		codeChanged, codeTooLarge, codeUnsupportedType, codeInvalid, codeKeyReused, codeCursorUnknown, codePositionUnknown, codeConditionMissing,
		codeTooMany, codeInternal, codeUnavailable, codeOther,
	}
	for _, code := range reasons() {
		all = append(all, string(code))
	}
	return all
}

// reasons returns the core's codes that a problem may have: about tokens as auth refuses them, about clients and about the market.
func reasons() []reason.Code {
	return []reason.Code{
		reason.BadCredentials, reason.TooManyAttempts, reason.WrongAudience, reason.TokenUnknown, reason.TokenExpired, reason.TokenRevoked,
		reason.NoRight, reason.Expired, reason.Duplicate, reason.UnknownClient, reason.UnknownPair, reason.InvalidDate, reason.NoStaticData,
		reason.OpenIDOff, reason.OpenIDAway,
	}
}

// TransformSchema implements huma.SchemaTransformer: the document lists the codes.
func (p *Problem) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["code"].Enum = codes()
	return s
}
