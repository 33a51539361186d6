package inbox

// Kept is the inbox as Purge keeps it for an age.
var Kept = table
