// Package signin lets people and systems come in by HTTP with a token of auth. Each program that serves HTTP has its own table of tokens, which
// auth's messages fill; a token is good in all of them. The package serves the resources by which a caller gets a token and gives it back, and
// refuses requests without the right.
//
// It makes the first of two decisions: a program shows and does nothing that the token does not allow. auth decides each request about trades
// and lines once more, on the roles that the caller has at that moment.
//
//	entrance := signin.Open(app, bus, db, box, cfg.SignIn, clock)
//	api.UseMiddleware(entrance.Guard.Authenticate(api))
//	entrance.Register(api)
//
// The program adds [Migrations] to its sets, [Queue] and [Publications] to its topology.
package signin
