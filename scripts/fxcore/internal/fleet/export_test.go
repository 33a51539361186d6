package fleet

// AskReady is for the tests.
var AskReady = askReady
