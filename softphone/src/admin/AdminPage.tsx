export function AdminPage({ section }: { section: string }) {
  return <div className="page">{section}</div>;
}
