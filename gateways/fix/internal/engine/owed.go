package engine

import (
	"sync"
	"sync/atomic"
)

// owed keeps new messages back while the provider is owed what it misses by NextExpectedMsgSeqNum(789): from the acceptance of
// the Logon until the missing messages are sent again. A new message in between would look like a gap to the provider. The zero
// value keeps nothing back.
type owed struct {
	mu   sync.RWMutex
	paid chan struct{} // closed once nothing is owed any more; nil while nothing is

	paying atomic.Bool // the session's goroutine is sending what is owed
}

// open begins to keep messages back. A message that is just getting its number gets it before.
func (o *owed) open() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.paid == nil {
		o.paid = make(chan struct{})
	}
}

// sent lets messages pass again if what is owed was sent. quickfix has sent all of a resend, the last gap fill included, when it
// asks for the provider's next number: see messages.NextTargetMsgSeqNum.
func (o *owed) sent() {
	if o.paying.CompareAndSwap(true, false) {
		o.close()
	}
}

// close lets messages pass again.
func (o *owed) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.paid != nil {
		close(o.paid)
		o.paid = nil
	}
}

// pass calls send once nothing is owed. Nothing becomes owed during the call.
func (o *owed) pass(send func() error) error {
	for {
		o.mu.RLock()
		paid := o.paid
		if paid == nil {
			defer o.mu.RUnlock()
			return send()
		}
		o.mu.RUnlock()
		<-paid
	}
}
