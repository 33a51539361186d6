package messages

import "time"

// Settled is the data of settlement.settled: a leg of a trade is settled.
type Settled struct {
	LegOf
	Reference string    `json:"reference"` // the mainframe's, or that of a payment by hand
	ByHand    bool      `json:"by_hand"`
	SettledAt time.Time `json:"settled_at"`
}

// Failed is the data of settlement.failed: a leg of a trade is not settled in time.
type Failed struct {
	LegOf
	Code     string    `json:"code"`
	Text     string    `json:"text"`
	FailedAt time.Time `json:"failed_at"`
	Attempt  int       `json:"attempt"`   // how often the mainframe was asked, from 1
	NotAfter time.Time `json:"not_after"` // the cut-off until which it was asked to move the money
}

// LegOf names a leg and the movement that is to settle it.
type LegOf struct {
	TradeID    string `json:"trade_id"`
	Version    int    `json:"version"`
	Leg        int    `json:"leg"` // 1 near, 2 far
	ValueDate  string `json:"value_date"`
	MovementID string `json:"movement_id"`
}
