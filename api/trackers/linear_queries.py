"""What Linear is asked, in GraphQL."""

_ISSUE = """
fragment Shown on Issue {
  id identifier title description url trashed priorityLabel createdAt updatedAt
  state { name type }
  parent { identifier }
  creator { displayName }
  project { name }
  labels(first: 50) { nodes { name } }
}
"""
ISSUE = _ISSUE + "query Issue($id: String!) { issue(id: $id) { ...Shown } }"
MADE = (
    _ISSUE
    + """query Made($id: ID!) {
  issues(filter: { id: { eq: $id } }, includeArchived: true, first: 1) { nodes { ...Shown } }
}"""
)
CHANGED = (
    _ISSUE
    + """query Changed($filter: IssueFilter!, $after: String) {
  issues(filter: $filter, first: 50, after: $after, sort: [{ updatedAt: { order: Ascending } }]) {
    nodes { ...Shown }
    pageInfo { hasNextPage endCursor }
  }
}"""
)
COMMENTS = """query Comments($id: String!, $after: String) {
  issue(id: $id) {
    comments(first: 100, after: $after) {
      nodes { id body createdAt user { displayName } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
TEAM = """query Team($key: String!) {
  teams(filter: { key: { eqIgnoreCase: $key } }, first: 1) {
    nodes { id states(first: 100) { nodes { id name type position } } }
  }
}"""
LABELS = """query Labels($names: [String!]!) {
  issueLabels(filter: { name: { in: $names } }, first: 100) { nodes { id name team { id } } }
}"""
CREATE = (
    """mutation Create($input: IssueCreateInput!) { issueCreate(input: $input) { issue { identifier } } }"""
)
UPDATE = """mutation Update($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success }
}"""
SAY = """mutation Say($input: CommentCreateInput!) {
  commentCreate(input: $input) { comment { id body createdAt user { displayName } } }
}"""
REWORD = """mutation Reword($id: String!, $input: CommentUpdateInput!) {
  commentUpdate(id: $id, input: $input) { comment { id body createdAt user { displayName } } }
}"""
