package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// Problem is the body of every error: RFC 9457 with a code that programs can rely on.
type Problem struct {
	Type   string              `json:"type" format:"uri-reference"`
	Title  string              `json:"title"`
	Status int                 `json:"status"`
	Code   string              `json:"code" doc:"Stable: programs decide by it"`
	Detail string              `json:"detail,omitempty" doc:"For a person: what is wrong and what to do"`
	Errors []*huma.ErrorDetail `json:"errors,omitempty" doc:"Where the content is wrong"`

	TraceID string `json:"trace_id" pattern:"^[0-9a-f]{32}$" doc:"The trace of the request: tell it when you ask us. Every answer has it in the header Trace-Id"`

	headers http.Header
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// NewProblem returns a problem with one of the codes that the interface documents: see ListCodes.
func NewProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "/problems/" + code, Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// With adds a header to the answer.
func (p *Problem) With(name, value string) *Problem {
	if p.headers == nil {
		p.headers = http.Header{}
	}
	p.headers.Set(name, value)
	return p
}

// foundCodes are those of problems that the library finds.
var foundCodes = map[int]string{
	http.StatusBadRequest: CodeMalformed, http.StatusNotFound: CodeNotFound, http.StatusRequestEntityTooLarge: CodeTooLarge,
	http.StatusUnsupportedMediaType: CodeUnsupportedType, http.StatusNotAcceptable: CodeNotAcceptable,
	http.StatusRequestTimeout: CodeTooSlow, http.StatusUnprocessableEntity: CodeInvalid,
}

// text returns the problem as JSON.
func (p *Problem) text() []byte {
	text, _ := json.Marshal(p) // texts and numbers: never fails
	return text
}

// traced completes a problem with the trace of its request.
func traced(ctx huma.Context, _ string, body any) (any, error) {
	if p, ok := body.(*Problem); ok {
		p.TraceID = TraceOf(ctx.Context())
	}
	return body, nil
}

// ownProblems lets the library answer with a Problem, and describe lists as they are: never null. These are settings of the whole process.
var ownProblems = sync.OnceFunc(func() { huma.NewError, huma.DefaultArrayNullable = found, false })

// found makes the problem of an error that the library has found. It never echoes a value, which may be a secret.
func found(status int, message string, errs ...error) huma.StatusError {
	if status >= http.StatusInternalServerError {
		return Unavailable()
	}
	code, known := foundCodes[status]
	if !known {
		code = CodeOther
	}
	p := NewProblem(status, code, message)
	for _, err := range errs {
		var detailed huma.ErrorDetailer
		if errors.As(err, &detailed) {
			d := *detailed.ErrorDetail()
			d.Value = nil
			p.Errors = append(p.Errors, &d)
		}
	}
	return p
}
