package signin

import (
	"context"
	"embed"
	"log/slog"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/audit"
	"fxcore/lambda/follow"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/web"
	"fxcore/services/web/outcome"
)

// Migrations make the tables of tokens. Give them after the program's own sets.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

// Config bounds what callers may ask of one replica. A program embeds it with a prefix of its own: API_LOGINS and so on. With 0 there is no
// bound.
type Config struct {
	Audience  string `env:"AUDIENCE" envDefault:"api"`  // the program that tokens must be issued for; one token serves all interfaces of the core
	Rate      int    `env:"RATE" envDefault:"2000"`     // the most requests of one user in a second
	LoginRate int    `env:"LOGIN_RATE" envDefault:"50"` // the most requests for tokens in a second, of all callers
	Logins    int    `env:"LOGINS" envDefault:"64"`     // under way, of all callers together: who logs in has proven nothing yet
	Lookups   int    `env:"LOOKUPS" envDefault:"16"`    // under way, of all callers together, for tokens that have not counted at the replica yet
}

// Auth is how a program reaches auth.
type Auth struct {
	Key     access.PublicKey `env:"ACCESS_PUBLIC_KEY,required"` // auth's: proofs are sealed for it
	KeyFile string           `env:"ACCESS_PUBLIC_KEY_FILE"`     // file with the same key: for a new one is sealed from then on
}

func (a Auth) follow() *follow.File[access.PublicKey] {
	return follow.Setting(a.Key, a.KeyFile, access.ParsePublicKey)
}

// Watch tells when the outcome of a request for a token is known. outcome.Watch is one.
type Watch interface {
	// Follow returns a channel that is closed once auth has answered the request for the token with a hash.
	Follow(hash string) (decided <-chan struct{}, stop func())
}

// Parts are what signing in stands on.
type Parts struct {
	Config  Config
	Auth    Auth
	Tokens  Tokens
	Watch   Watch
	Publish web.Publish
	Clock   func() time.Time // the bank's, which the session shows
	Real    func() time.Time // for tokens
	Log     *slog.Logger
	Audit   *audit.Trail
}

// SignIn hands out tokens of auth, and takes them back. It is safe for concurrent use.
type SignIn struct {
	Guard *Guard

	cfg     Config
	auth    *follow.File[access.PublicKey] // auth's key
	tokens  Tokens
	watch   Watch
	publish web.Publish
	clock   func() time.Time
	real    func() time.Time
	log     *slog.Logger

	knocks *web.Pace
	logins *web.Crowd
	asked  *web.Pace // by user
}

// New puts signing in together. A program calls Open.
func New(p Parts) *SignIn {
	guard := NewGuard(p.Tokens, p.Config.Audience, p.Config.Lookups, p.Real, p.Log)
	guard.Audit = p.Audit
	return &SignIn{
		Guard: guard,
		cfg:   p.Config, auth: p.Auth.follow(), tokens: p.Tokens, watch: p.Watch, publish: p.Publish.Bounded(), clock: p.Clock, real: p.Real, log: p.Log,
		knocks: &web.Pace{Most: p.Config.LoginRate}, logins: web.NewCrowd(p.Config.Logins), asked: &web.Pace{Most: p.Config.Rate},
	}
}

// Open lets people and systems sign in to a program: it follows the program's queue of tokens and forgets those that expired long ago.
// The program has added Migrations, Queue and Publications. clock is the bank's.
func Open(app *run.App, bus *amqp.Bus, db *pgxpool.Pool, box run.Inbox, cfg Config, auth Auth, clock func() time.Time) *SignIn {
	service, _, _ := strings.Cut(app.Source, "/")
	store := Store{Pool: db}
	logins := outcome.New(store, app.Log)
	box.Consume(QueueName(service), Steps())
	app.Go("logins", logins.Run)
	app.Go("forget tokens", func(ctx context.Context) error {
		return postgres.ForgetEvery(ctx, time.Hour, app.Log, "tokens", store.Forget)
	})
	return New(Parts{
		Config: cfg, Auth: auth, Tokens: store, Watch: logins, Publish: bus.Publish, Clock: clock, Real: time.Now, Log: app.Log, Audit: app.Audit,
	})
}

// Register adds the resources by which a caller signs in and out to an interface, and the guard and the bounds before all its resources. Call
// it before other resources are registered.
func (s *SignIn) Register(api huma.API) {
	api.UseMiddleware(s.Guard.Authenticate(api), s.limit(api), web.Form(api))
	s.issueToken(api)
	s.endToken(api)
	s.session(api)
}

// limit refuses what is beyond a user's share of requests.
func (s *SignIn) limit(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if who := CallerOf(ctx.Context()); who.Hash != "" && !s.asked.Allow(who.User, s.real()) {
			web.Write(api, ctx, web.TooOften("You ask more often than a user may in a second."))
			return
		}
		next(ctx)
	}
}

// Codes returns all codes of problems that come from this package. The others of an interface are those of package web and its own.
func Codes() []string {
	return []string{
		string(reason.BadCredentials), string(reason.TooManyAttempts), string(reason.WrongAudience), string(reason.TokenUnknown),
		string(reason.TokenExpired), string(reason.TokenRevoked), string(reason.NoRight), string(reason.NoStaticData), string(reason.Expired),
		string(reason.Duplicate), string(reason.OpenIDOff), string(reason.OpenIDAway),
	}
}
