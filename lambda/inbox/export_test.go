package inbox

// PurgeOld is one run of Purge.
var PurgeOld = purgeOld
