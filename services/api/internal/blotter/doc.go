// Package blotter is the API's read model: what it knows of each trade, and what it shows of it.
//
// [Facts] collects what messages tell of one trade. Messages come in any order and may come again, so a fact never depends on the
// order: each message sets its own part, and the newest version of a part stays. [Facts.Trade] derives what is shown.
//
// The types carry JSON names because the facts are stored as one document, and the trade is shown as one.
package blotter
