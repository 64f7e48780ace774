export default function SimulatorPage() {
  return <div className="page" />;
}
