package signin

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/event"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/web"
)

// newToken is the body of a request for a token.
type newToken struct {
	Grant    string   `json:"grant" enum:"password,client_credentials,openid" doc:"password: a person, with a one-time code. client_credentials: a system. openid: a person who has logged in at the bank's identity provider"`
	User     string   `json:"user,omitempty" minLength:"1" maxLength:"64" pattern:"^[!-~]+$" doc:"Of a password and of client credentials; an ID token names its user"`
	Password string   `json:"password,omitempty" maxLength:"256"`
	Code     string   `json:"code,omitempty" pattern:"^([0-9]{6})?$" doc:"The one-time code of this minute"`
	Secret   string   `json:"secret,omitempty" maxLength:"256"`
	Scope    []string `json:"scope,omitempty" maxItems:"64" doc:"The actions that you need; empty: all that you may do"`

	IDToken     string `json:"id_token,omitempty" maxLength:"8192" pattern:"^[A-Za-z0-9_.-]*$" doc:"Of the bank's identity provider, by the code flow with PKCE; good once, and for ten minutes"`
	LoginSecret string `json:"login_secret,omitempty" pattern:"^([A-Za-z0-9._~-]{43,128})?$" doc:"The random text that you drew for the login. The nonce that you sent to the identity provider is its SHA-256 in base64url, without padding"`
}

// Resolve refuses a user where the ID token names one, and no user elsewhere. The library calls it.
func (t newToken) Resolve(_ huma.Context, at *huma.PathBuffer) []error {
	byToken := t.Grant == access.OpenID
	switch {
	case byToken && t.User != "":
		return []error{&huma.ErrorDetail{Location: at.With("user"), Message: "the ID token names the user: leave it out"}}
	case !byToken && t.User == "":
		return []error{&huma.ErrorDetail{Location: at.With("user"), Message: "say who you are"}}
	}
	return nil
}

// tokenInput is a request for a token, and from where it comes.
type tokenInput struct {
	Body newToken

	from string
}

// Resolve notes the address. The library calls it.
func (t *tokenInput) Resolve(ctx huma.Context) []error {
	t.from = ctx.RemoteAddr()
	return nil
}

type tokenAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         issuedToken
}

type issuedToken struct {
	Token     string    `json:"token" doc:"Shown once"`
	User      string    `json:"user"`
	Roles     []string  `json:"roles"`
	Desk      string    `json:"desk,omitempty"`
	Client    string    `json:"client,omitempty" doc:"Of a system: the client for which it acts, * for all"`
	Scope     []string  `json:"scope"`
	ExpiresAt time.Time `json:"expires_at"`
}

// tokenBound is how long auth may take to answer.
const tokenBound = 10 * time.Second

func (s *SignIn) issueToken(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "issue-token", Method: http.MethodPost, Path: "/v1/tokens", Summary: "Prove who you are and get a token",
		Tags: []string{"tokens"}, DefaultStatus: http.StatusCreated, MaxBodyBytes: web.MaxBody, BodyReadTimeout: tokenBound + web.BodyBound,
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotAcceptable, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable,
		},
	}, func(ctx context.Context, in *tokenInput) (*tokenAnswer, error) {
		leave, err := s.letIn()
		if err != nil {
			return nil, err
		}
		defer leave()
		drawn := access.NewToken()
		if err := s.askForToken(ctx, drawn, in.Body); err != nil {
			return nil, web.Away(ctx, s.log, err)
		}
		got, err := s.awaitToken(ctx, access.HashOf(drawn), in)
		if err != nil {
			return nil, err
		}
		s.noteIssued(in.from, got.User, in.Body.Grant)
		return &tokenAnswer{"no-store", issuedToken{
			Token: drawn, User: got.User, Roles: got.Roles, Desk: got.Desk, Client: got.Client, Scope: got.Scope, ExpiresAt: got.ExpiresAt,
		}}, nil
	})
}

// letIn counts a request for a token, unless there are enough of them in this second, or under way: who logs in has proven nothing yet, and
// each request leaves rows here and in auth, whatever its answer. leave must be called once, after a nil error. The error is a Problem.
func (s *SignIn) letIn() (leave func(), err error) {
	if !s.knocks.Allow("", s.real()) {
		return nil, web.TooOften("More tokens are asked for than this interface takes in a second: nothing was checked. Try again.")
	}
	return s.logins.Enter("", "requests for tokens")
}

func (s *SignIn) askForToken(ctx context.Context, drawn string, t newToken) error {
	sealed, err := s.auth.Now().SealProof(access.Requested{
		TokenHash: access.HashOf(drawn), Grant: t.Grant, User: t.User, Audience: s.cfg.Audience, Scope: t.Scope,
	}, access.Proof{Password: t.Password, Code: t.Code, Secret: t.Secret, IDToken: t.IDToken, LoginSecret: t.LoginSecret})
	if err != nil {
		return err
	}
	now := s.real().UTC().Truncate(time.Microsecond)
	e, err := askForToken(sealed, now, now.Add(tokenBound))
	if err != nil {
		return err
	}
	web.Follow(ctx, event.TraceID(e.Correlation))
	return s.publish(ctx, e)
}

// awaitToken waits for auth's answer. One look at the read model serves all who wait. The error is a Problem.
func (s *SignIn) awaitToken(ctx context.Context, hash string, in *tokenInput) (got Token, err error) {
	waiting, cancel := context.WithTimeout(ctx, tokenBound)
	defer cancel()
	answered, stop := s.watch.Follow(hash)
	defer stop()
	select {
	case <-waiting.Done():
		return got, web.Away(ctx, s.log, errors.New("auth does not answer"))
	case <-answered:
	}
	if got, err = s.tokens.Token(ctx, hash); err == nil {
		return got, nil
	}
	if !errors.Is(err, ErrUnknown) {
		return got, web.Away(ctx, s.log, err)
	}
	refused, err := s.tokens.Refusal(ctx, hash)
	if err != nil {
		return got, web.Away(ctx, s.log, err)
	}
	s.noteRefused(in.from, refused, in.Body.User)
	return got, s.refused(refused)
}

// refused returns the problem of a request for a token that auth refused.
func (s *SignIn) refused(r access.Refused) *web.Problem {
	switch reason.Code(r.Code) {
	case reason.BadCredentials:
		return web.Unauthenticated(r.Code, r.Text)
	case reason.TooManyAttempts:
		p := web.NewProblem(http.StatusTooManyRequests, r.Code, r.Text)
		if r.RetryAt != nil {
			wait := max(1, int(r.RetryAt.Sub(s.real()).Seconds())+1)
			p = p.With("Retry-After", strconv.Itoa(wait))
		}
		return p
	case reason.NoRight, reason.WrongAudience, reason.OpenIDOff:
		return web.NewProblem(http.StatusForbidden, r.Code, r.Text)
	default:
		return web.UnavailableAs(r.Code, r.Text)
	}
}
