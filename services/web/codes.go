package web

import "github.com/danielgtaylor/huma/v2"

// The codes of problems that every interface has.
const (
	CodeMalformed        = "malformed"
	CodeKeyMissing       = "key_missing"
	CodeUnauthenticated  = "unauthenticated"
	CodeCrossOrigin      = "cross_origin"
	CodeNotFound         = "not_found"
	CodeMethodNotAllowed = "method_not_allowed"
	CodeNotAcceptable    = "not_acceptable"
	CodeTooSlow          = "too_slow"
	CodeTooLarge         = "too_large"
	CodeHeaderTooLarge   = "header_too_large"
	CodeUnsupportedType  = "unsupported_media_type"
	CodeInvalid          = "invalid" // the content: see errors
	CodeCursorUnknown    = "cursor_unknown"
	CodeTooMany          = "too_many_requests"
	CodeInternal         = "internal"    // a fault of ours
	CodeUnavailable      = "unavailable" // a server of the core is away: try again
	CodeOther            = "other"       // what the library finds and has no code
)

// Codes returns all codes of problems that come from this package.
func Codes() []string {
	return []string{
		CodeMalformed, CodeKeyMissing, CodeUnauthenticated, CodeCrossOrigin, CodeNotFound, CodeMethodNotAllowed, CodeNotAcceptable, CodeTooSlow,
		CodeTooLarge, CodeHeaderTooLarge, CodeUnsupportedType, CodeInvalid, CodeCursorUnknown, CodeTooMany, CodeInternal, CodeUnavailable, CodeOther,
	}
}

// ListCodes writes into an interface's document which codes its problems may have. Call it once all resources are registered.
func ListCodes(document *huma.OpenAPI, codes ...string) {
	all := document.Components.Schemas.Map()["Problem"].Properties["code"]
	all.Enum = nil
	for _, code := range codes {
		all.Enum = append(all.Enum, code)
	}
}
