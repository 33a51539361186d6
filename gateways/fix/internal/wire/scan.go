package wire

import "bytes"

var trailerMark = []byte("\x0110=")

// scan searches the buffered part of the present message for its end.
func (c *Cutter) scan() (done bool, p Piece) {
	all := c.buf[c.start:]
	last := c.size - trailerSize // where the trailer must be
	for {
		region := all[:min(len(all), c.size)]
		at := bytes.Index(region[c.scanned:], trailerMark)
		if at < 0 {
			return c.exhausted(len(region), last)
		}
		at += c.scanned + 1
		if at >= last {
			return c.decide(all, at, last)
		}
		if at+trailerSize > len(all) {
			c.advance(at - 1)
			return false, Piece{}
		}
		c.advance(at)
		switch c.early(all, at) {
		case needMore:
			c.scanned, c.sum = at-1, c.sum-soh // look again with more bytes
			return false, Piece{}
		case broken:
			c.end(at + trailerSize)
			return true, Piece{Kind: Garbled}
		case complete:
		}
	}
}

// exhausted decides if the buffer has no further trailer.
func (c *Cutter) exhausted(have, last int) (bool, Piece) {
	if have >= c.size {
		return true, c.garbled(last)
	}
	if to := min(have-len(trailerMark)+1, last-1); to > c.scanned {
		c.advance(to)
	}
	return false, Piece{}
}

// decide decides about a trailer at the computed end of the message, or after it.
func (c *Cutter) decide(all []byte, at, last int) (bool, Piece) {
	if at > last {
		return true, c.garbled(last)
	}
	if len(all) < c.size {
		c.advance(at - 1)
		return false, Piece{}
	}
	c.advance(at)
	if !c.sumIs(all[at:]) {
		return true, c.garbled(last)
	}
	p := Piece{Kind: Whole, Bytes: all[:c.size], Size: c.size + c.skipped}
	if p.Size > c.limit {
		p.Kind = TooLong
		p.Bytes = c.beginningOf(all)
	}
	c.end(c.size)
	return true, p
}

func (c *Cutter) beginningOf(all []byte) []byte {
	if c.prefix != nil {
		return c.prefix
	}
	return all[:prefixKept]
}

// garbled finishes a message whose trailer is wrong or not at the computed end. The next message may begin anywhere after the
// first bytes of this one. If this one is too long, those bytes were dropped, so the search goes on at its computed end.
func (c *Cutter) garbled(last int) Piece {
	resume := len(beginning)
	if c.tooLong() {
		resume = last
	}
	c.end(resume)
	return Piece{Kind: Garbled}
}

// early decides about a trailer before the computed end. The result complete means that the trailer is part of a field's text.
func (c *Cutter) early(all []byte, at int) headState {
	if !isTrailer(all[at:]) {
		return complete
	}
	if c.sumIs(all[at:]) {
		return broken
	}
	next := at + trailerSize
	if next+len(beginning) > c.size {
		return complete
	}
	switch expect(all, next, beginning) {
	case complete:
		return broken // the next message begins: this one has ended
	case needMore:
		return needMore
	case broken:
	}
	return complete
}

func isTrailer(b []byte) bool {
	return isDigit(b[3]) && isDigit(b[4]) && isDigit(b[5]) && b[6] == soh
}

func (c *Cutter) sumIs(trailer []byte) bool { return carriesSum(trailer, c.sum) }

// carriesSum reports whether a trailer is well formed and carries this sum.
func carriesSum(trailer []byte, sum uint8) bool {
	if !isTrailer(trailer) {
		return false
	}
	n := int(trailer[3]-'0')*100 + int(trailer[4]-'0')*10 + int(trailer[5]-'0')
	return n == int(sum)
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
