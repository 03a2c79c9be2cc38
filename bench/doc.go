// Package bench measures the engine on recorded streams: what the machine alone
// costs, what a replay costs in memory and on disk, and what a ticket weighs.
//
//	go test -run '^$' -bench . ./bench
//
// The bundled sample is measured everywhere; the whole ServiceNow record too,
// where it stands beside the repository. Its parts are packages of their own:
// stream reads records, replay runs them, streams bundles the sample.
//
// Figures of two machines are not to be compared; the ratio of two figures of
// one run is.
package bench
