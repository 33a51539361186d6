package testkit

import "fxcore/lambda/event"

// Day is the day with which ids in tests begin: 2026-11-20, a Friday.
const Day event.Day = 20_777
