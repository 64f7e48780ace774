export function BoardPage({ wall }: { wall: boolean }) {
  return <div className="page">{wall}</div>;
}
