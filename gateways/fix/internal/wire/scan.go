package wire

import "bytes"

var trailerMark = []byte("\x0110=")

// scan looks for the end of the message under way in what is there of it.
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
			c.scanned, c.sum = at-1, c.sum-soh // look at it again with more bytes
			return false, Piece{}
		case broken:
			c.end(at + trailerSize)
			return true, Piece{Kind: Garbled}
		case complete:
		}
	}
}

// exhausted is the case that no further trailer is in sight.
func (c *Cutter) exhausted(have, last int) (bool, Piece) {
	if have >= c.size {
		return true, c.garbled(last)
	}
	if to := min(have-len(trailerMark)+1, last-1); to > c.scanned {
		c.advance(to)
	}
	return false, Piece{}
}

// decide is the case that a trailer is where the message's end is, or beyond.
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

// garbled closes a message whose trailer is not where it must be, or is wrong. The next one may begin anywhere after
// this one's first bytes; of one that is too long these may be gone, so its computed end is where to go on.
func (c *Cutter) garbled(last int) Piece {
	resume := len(beginning)
	if c.tooLong() {
		resume = last
	}
	c.end(resume)
	return Piece{Kind: Garbled}
}

// early tells what a trailer before the computed end means: complete, that it is the text of some field.
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
