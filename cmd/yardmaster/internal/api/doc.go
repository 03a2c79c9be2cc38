// Package api is the daemon's HTTP face: it translates requests into commands
// and answers into responses, and decides nothing.
//
// What. [New] makes an http.Handler over one desk: tickets, agents, queues, the
// event feed, bulk commands, and the two questions that orchestrators ask. It
// describes itself as OpenAPI 3.1 at /openapi.json and /openapi.yaml.
//
// Contract. A response to a change is sent once the change is durable, and what
// it shows is not older than the change. An Idempotency-Key header makes a
// change safe to send again: the first answer is given once more, marked by
// Idempotency-Replayed. Every change answers with the desk's sequence in
// Yardmaster-Seq: a cursor for the event feed.
//
// Concurrency. A handler is safe for any number of requests. After
// [API.Drain] the streams end, readyz says no, and other requests are still
// answered.
//
// Errors. Every failure is a problem document (RFC 9457, application/problem+json)
// whose type is urn:yardmaster: and a reason, see [Problem]. Bodies are read
// strictly: an unknown member is an error that names it.
//
// Caveats. There is no authentication: whoever reaches the address is trusted.
// Requests that a browser makes on behalf of another site are refused.
package api
