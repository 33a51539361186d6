package wire

// Function is what is asked of the host.
type Function string

// The functions.
const (
	Ping Function = "PING" // is the host there; answers its time
	List Function = "LIST" // a page of a data set
	Book Function = "BOOK" // one trade with its legs, once per trade id
	Move Function = "MOVE" // money between accounts, all lines or none, once per movement id
	Stmt Function = "STMT" // a page of what was moved on a day
)

// Code is the host's return code. Higher is worse, as on any mainframe.
type Code int

// The return codes.
const (
	Done          Code = 0  // done now
	Nothing       Code = 4  // nothing new: the set is unchanged, the trade was booked or the movement made before
	Refused       Code = 8  // a rule of business forbids it; asking again will not help
	NotUnderstood Code = 12 // a request that the host cannot read; asking again will not help
	HostError     Code = 16 // the host failed; nothing that follows on the connection is done, and it is closed
)

// Kind tells a request from an answer.
type Kind string

// The kinds.
const (
	Request Kind = "Q"
	Answer  Kind = "A"
)

// Header begins every frame.
type Header struct {
	Kind        Kind
	Function    Function
	Correlation int    // chosen by the asker, 0 to 999,999,999,999; the answer repeats it
	Count       int    // records in the body
	Code        Code   // of an answer; 0 in a request
	Reason      string // of an answer with a code of 8 or more: what the host calls it
}

// Frame is one request or answer. Body is records one after the other, each with its type before it.
type Frame struct {
	Header
	Body []byte
}
