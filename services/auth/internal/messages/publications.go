package messages

import (
	"embed"
	"slices"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Answers are the three types of events with which auth answers a request. Each request gets exactly one of them.
type Answers struct {
	Authorized event.Type // the next service decides on the request
	Rejected   event.Type // the request ends here, with the reason
	Repeated   event.Type // the request came before: the answer to the first one holds
}

// TradeAnswers returns the answers to a trade request.
func TradeAnswers() Answers {
	return Answers{contract.TradeAuthorized, contract.TradeRejected, contract.TradeRepeated}
}

// LineCheckAnswers returns the answers to a line check.
func LineCheckAnswers() Answers {
	return Answers{contract.LineCheckAuthorized, contract.LineCheckRejected, contract.LineCheckRepeated}
}

//go:embed samples/*.json
var samples embed.FS

// Publications returns the types that auth publishes, each with a sample of its data.
func Publications() []amqp.Publication {
	return slices.Concat(publications("trade", TradeAnswers()), publications("line check", LineCheckAnswers()), accessAnswers(), Commands(), given())
}

func accessAnswers() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.TokenIssued, "The API takes the token from now on until it expires or is revoked."),
		contract.Publication(samples, contract.TokenRefused, "There is no token. The code and the text say why."),
		contract.Publication(samples, contract.TokenRevoked, "The API takes the token no longer, or no token that the user got until then."),
	}
}

// given returns the commands that auth gives in the name of people, and how it refuses them.
func given() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.FailoverCommanded, "A person wants a move, a drain, another home or a fall-back, and may.").WithProof(),
		contract.Publication(samples, contract.JobCommanded, "A person starts a job by hand, or stops a run of it, and may.").WithProof(),
		contract.Publication(samples, contract.SettlementCommanded, "A person resolves a movement that has failed, and may.").WithProof(),
		contract.Publication(samples, contract.TradeCommanded, "A person acts on a trade, or decides about an action of another person, and may.").WithProof(),
		contract.Publication(samples, contract.CommandRefused, "A command is not given. The code and the text say why."),
	}
}

// Commands returns the types that a person publishes by the command line.
func Commands() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.TokenCommanded, "Somebody revokes a token, or all tokens of a user."),
		contract.Publication(samples, contract.CredentialCommanded, "On-call sets or removes what proves who a user is. It is sealed for auth."),
	}
}

func publications(noun string, a Answers) []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, a.Authorized, "The provider may ask for this "+noun+" for the client. The core decides on it next.").AllOrigins(),
		contract.Publication(samples, a.Rejected, "The "+noun+" is refused. The code, the rule and the text say why, and what the provider can do."),
		contract.Publication(samples, a.Repeated, "The same request came again. The answer to the first one holds, and nothing is done twice."),
	}
}
