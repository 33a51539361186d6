package signin

import (
	"context"

	"fxcore/lambda/event"
)

// Command returns the request by which auth gives a command in the name of the caller of a request that a Guard let pass, and the id that the
// command will have. auth decides by the token, which travels sealed, and writes into the command who gives it.
func (s *SignIn) Command(ctx context.Context, command event.Event) (request event.Event, id string, err error) {
	who := CallerOf(ctx)
	return s.auth.Now().Ask(command, who.User, who.token.value, s.real())
}
